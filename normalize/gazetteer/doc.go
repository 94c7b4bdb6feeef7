// Package gazetteer knows the prefectures, counties, municipalities, wards and
// towns (町域) of Japan with their JIS X 0402 and postal codes, and the fold
// that makes two spellings of a place name equal. Its data is embedded,
// compressed, and unpacked at the first use. NOTICE names the sources.
package gazetteer
