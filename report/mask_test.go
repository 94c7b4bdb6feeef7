package report

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

func TestNumberMask(t *testing.T) {
	m := newNumberMask("jp-mynumber")
	m.know("012345670001", "malformed", "77")
	for text, want := range map[string]struct{ known, free string }{
		"":               {"", ""},
		"012345670001":   {"********0001", "********0001"},
		"0123-4567-0001": {"****-****-0001", "****-****-0001"},
		"０１２３　４５６７　０００１":          {"****　****　０００１", "****　****　０００１"},
		"旧番号:0123 4567 0001（訂正済）": {"旧番号:**** **** 0001（訂正済）", "旧番号:**** **** 0001（訂正済）"},
		"99012345670001":              {"99********0001", "99********0001"},
		"012345670001,012345670001":   {"********0001,********0001", "********0001,********0001"},
		"1234-5678-9018":              {"1234-5678-9018", "****-****-9018"}, // somebody's: the check digit fits
		"番号は123456789018":             {"番号は123456789018", "番号は********9018"},
		"123456789012":                {"123456789012", "123456789012"}, // it does not
		"99123456789018":              {"99123456789018", "99123456789018"},
		"0001-123-1234567":            {"0001-123-1234567", "0001-123-1234567"},
		"090-1234-5678 / 03-1234-567": {"090-1234-5678 / 03-1234-567", "090-1234-5678 / 03-1234-567"},
		"東京都千代田区千代田１丁目２番３号": {"東京都千代田区千代田１丁目２番３号", "東京都千代田区千代田１丁目２番３号"},
		"77": {"77", "77"},
	} {
		if got := m.hide(text, false); got != want.known {
			t.Errorf("%q: %q, want %q", text, got, want.known)
		}
		if got := m.hide(text, true); got != want.free {
			t.Errorf("%q, free: %q, want %q", text, got, want.free)
		}
	}
	if got := newNumberMask("generic").hide("123456789018", true); got != "123456789018" {
		t.Errorf("generic: %q", got)
	}
}

// Numbers in columns that the product only carries are masked like the number,
// however they are written, in the database and in all that is made of it.
func TestCarriedNumbersAreMasked(t *testing.T) {
	f := familyFinding()
	f.Record.Columns[len(f.Record.Columns)-2] = "窓口: 0123-4567-0002 と 1234 5678 9018"
	f.Record.Columns[len(f.Record.Columns)-1] = "0123-4567-0001"
	secrets := []string{"0123-4567-0001", "0123-4567-0002", "1234 5678 9018", "012345670001"}
	full := writeFolder(t, FolderOptions{KeyFile: keyFile(t), RevealNumbers: true}, sampleRun(f), []*linkage.Finding{f})
	masked := writeFolder(t, FolderOptions{KeyFile: keyFile(t)}, sampleRun(f), []*linkage.Finding{f})
	for _, secret := range secrets {
		if bytes.Contains(readFile(t, filepath.Join(masked, AuditFileName)), []byte(secret)) {
			t.Errorf("%s is in a masked database", secret)
		}
		if !bytes.Contains(readFile(t, filepath.Join(full, AuditFileName)), []byte(secret)) {
			t.Errorf("%s is not in the database that shall hold it", secret)
		}
	}
	for _, dir := range []string{full, masked} {
		audit := openFolder(t, dir)
		text, _ := exportBytes(t, audit, ExportOptions{Format: ExportCSV, Encoding: "utf-8"})
		html := writeHTML(t, audit, HTMLOptions{Examples: 3})
		c, err := audit.Case(f.CaseID)
		if err != nil {
			t.Fatal(err)
		}
		c.HideNumbers()
		var explained bytes.Buffer
		if err := c.WriteTerminal(&explained, words.Japanese); err != nil {
			t.Fatal(err)
		}
		if err := c.WriteJSON(&explained); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "****-****-0001") || !strings.Contains(explained.String(), "****-****-0002") {
			t.Error("the carried cells are not there at all")
		}
		for _, secret := range secrets {
			for name, out := range map[string]string{"export": string(text), "html": string(html), "explain": explained.String()} {
				if strings.Contains(out, secret) {
					t.Errorf("%s is in %s of %s", secret, name, dir)
				}
			}
		}
	}
}
