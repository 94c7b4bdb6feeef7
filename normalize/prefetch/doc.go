// Package prefetch asks for memory that will be read soon, without waiting for
// it: tables of a country fit no cache, and other work can be done meanwhile.
package prefetch
