// Package ingest reads registers and linked files: CSV and TSV (plain, gzip,
// zstd), Parquet and Arrow IPC, in UTF-8, UTF-16 or CP932, with English or
// Japanese headings. It hands out batches of rows to several workers at once
// and loses none: every row is either in a batch or among its rejects.
package ingest
