package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/himozuke/himozuke/linkage"
)

const examples = "../../docs/examples/"

func TestExampleConfiguration(t *testing.T) {
	cfg, err := linkage.ReadConfig(examples + "himozuke.toml")
	if err != nil {
		t.Fatal(err)
	}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	if len(cfg.Links) != 3 || cfg.Links[2].Columns["kana"] != "ヨミ2" || cfg.ReviewBudget != 500 {
		t.Errorf("read as %+v", cfg)
	}
}

// The worked example of the operation guide: a file whose headings nobody
// knows is understood with the columns of the example configuration.
func TestExampleConfigurationMapsColumns(t *testing.T) {
	dir := t.TempDir()
	if code, _, stderr := himozuke(t, "generate", "--people", "500", "--headings", "ja", "--out", dir); code != exitDone {
		t.Fatal(stderr)
	}
	text, err := os.ReadFile(filepath.Join(dir, "disability.csv"))
	if err != nil {
		t.Fatal(err)
	}
	heading, rows, _ := strings.Cut(string(text), "\n")
	for _, r := range [][2]string{{"個人番号", "コード1"}, {"氏名カナ", "ヨミ2"}, {"氏名", "対象者名"}, {"生年月日", "生日"}, {"交付自治体", "窓口"}} {
		if !strings.Contains(heading, r[0]) {
			t.Fatalf("no %s in %s", r[0], heading)
		}
		heading = strings.Replace(heading, r[0], r[1], 1)
	}
	if err := os.WriteFile(filepath.Join(dir, "disability.csv"), []byte(heading+"\n"+rows), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(examples + "himozuke.toml")
	if err != nil {
		t.Fatal(err)
	}
	moved := strings.NewReplacer("/srv/himozuke", dir, "bank.csv.gz", "bank.csv", `encoding = "cp932"`, "").Replace(string(config))
	path := filepath.Join(dir, "himozuke.toml")
	if err := os.WriteFile(path, []byte(moved), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := himozuke(t, "check", "--config", path, "--lang", "en")
	if code != exitDone {
		t.Fatalf("exit status %d: %s", code, stderr)
	}
	_, disability, _ := strings.Cut(stdout, "disability: ")
	got := strings.Join(strings.Fields(disability), " ")
	for _, want := range []string{"コード1 individual number", "対象者名 name", "ヨミ2 kana", "生日 birth date", "窓口 organization"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, disability)
		}
	}
}

// What systemd would warn of at the installation.
func TestExampleUnits(t *testing.T) {
	tool, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	dir := t.TempDir()
	var units []string
	for _, name := range []string{"himozuke.service", "himozuke.timer"} {
		text, err := os.ReadFile(examples + name)
		if err != nil {
			t.Fatal(err)
		}
		// Neither the script nor the manual is installed here.
		unit := strings.NewReplacer("/usr/local/libexec/himozuke-nightly", "/bin/true", "Documentation=man:himozuke-audit(1)\n", "").Replace(string(text))
		units = append(units, filepath.Join(dir, name))
		if err := os.WriteFile(filepath.Join(dir, name), []byte(unit), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(tool, append([]string{"verify", "--man=no"}, units...)...).CombinedOutput()
	if err != nil || strings.Contains(string(out), dir) {
		t.Errorf("%v\n%s", err, out)
	}
}
