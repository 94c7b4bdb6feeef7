// Package score says how much two records look like one person: comparisons
// with agreement levels, m and u probabilities, match weights with term
// frequencies, the posterior over competing hypotheses, and the explanation of
// each. It is pure: no I/O.
package score
