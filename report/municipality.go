package report

import (
	"strconv"
	"sync"

	"github.com/himozuke/himozuke/normalize/gazetteer"
)

// municipalityNames are the names of municipalities by JIS X 0402 code, without
// prefecture and county. A city of wards has its own code beside theirs.
var municipalityNames = sync.OnceValue(func() map[int]string {
	places := gazetteer.Load().Municipalities
	names := make(map[int]string, len(places)+20)
	for i := range places {
		names[int(places[i].Code)] = places[i].City + places[i].Ward
	}
	for i := range places {
		if city := int(places[i].Code) / 10 * 10; places[i].Ward != "" && names[city] == "" {
			names[city] = places[i].City
		}
	}
	return names
})

// municipalityName is empty for a code that is not in use.
func municipalityName(code string) string {
	n, err := strconv.Atoi(code)
	if err != nil || len(code) != 5 {
		return ""
	}
	return municipalityNames()[n]
}
