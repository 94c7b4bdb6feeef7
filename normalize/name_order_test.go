package normalize

import "testing"

func TestNameOrder(t *testing.T) {
	tests := []struct {
		a, b           string
		swapped, omits bool
	}{
		{"田中　花子", "花子　田中", true, false},
		{"田中　花子", "花子田中", true, false},
		{"花子田中", "田中　花子", true, false},
		{"田中　花子", "田中　花子", false, false},
		{"田中花子", "花子田中", false, false},
		{"MCFLY MARTY", "Marty McFly", true, false},
		{"SMITH JOHN PAUL", "SMITH JOHN", false, true},
		{"SMITH JOHN PAUL", "SMITH PAUL", false, true},
		{"SMITH JOHN PAUL", "SMITH J", false, true},
		{"SMITH JOHN", "SMITH PETER", false, false},
		{"SMITH JOHN PAUL", "SMYTH JOHN", false, false},
		{"田中　花子", "田中　花", false, false},
	}
	for _, test := range tests {
		var p, q NameParser
		a, _ := p.Parse([]byte(test.a))
		b, _ := q.Parse([]byte(test.b))
		for _, pair := range [][2]NameForm{{a.Main, b.Main}, {b.Main, a.Main}} {
			if got := SwappedName(pair[0], pair[1]); got != test.swapped {
				t.Errorf("%s, %s: swapped %v", test.a, test.b, got)
			}
			if got := OmitsMiddleName(pair[0], pair[1]); got != test.omits {
				t.Errorf("%s, %s: omits a middle name %v", test.a, test.b, got)
			}
		}
	}
}

func TestKanaOrder(t *testing.T) {
	var p, q KanaParser
	a, _ := p.Parse([]byte("グエン ヴァン アン"))
	b, _ := q.Parse([]byte("ヴァン アン グエン"))
	if SwappedKana(a, b) { // ヴァン is taken for the family name
		t.Error("the order of three words is guessed")
	}
	b, _ = q.Parse([]byte("ヴァンアン グエン"))
	if !SwappedKana(a, b) || SwappedKana(a, a) {
		t.Error("グエン ヴァンアン and ヴァンアン グエン are not seen as swapped")
	}
	if a.Swapped().Swapped().Split != a.Split || string(a.Swapped().Family) != string(b.Family) {
		t.Error("Swapped does not exchange the parts")
	}
	b, _ = q.Parse([]byte("グエン ヴァン"))
	if !OmitsMiddleKana(a, b) {
		t.Error("グエン ヴァン does not omit アン")
	}
}
