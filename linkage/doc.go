// Package linkage is the engine: configuration, the columnar store of the
// register, and the run itself: read, normalize, join by number, compare,
// search the true owner of every suspect, decide. It streams linked files and
// hands findings to a [Sink] in the order of the files.
package linkage
