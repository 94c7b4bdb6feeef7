// Package report is what people get from an audit: a folder of findings for
// review teams ([Folder], a [linkage.Sink]), a database that remembers the
// runs ([Audit]), tables for prefectures, the explanation of one case and the
// evaluation against a truth file. Numbers are masked wherever a reader did
// not ask for them in full.
package report
