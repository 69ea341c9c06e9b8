package source

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"postfix_exporter/checkpoint"
)

// record is a line of a log as long as real ones are.
func record(what string) string {
	return "Nov 21 16:26:58 mail postfix/smtp[4711]: to=<someone@example.com>, status=sent (" + what + ")"
}

func records(whats ...string) (text string) {
	for _, what := range whats {
		text += record(what) + "\n"
	}
	return text
}

// abcBzip2 is records("a", "b", "c") as bzip2 packs it: Go can't.
const abcBzip2 = "QlpoOTFBWSZTWf6mHYkAADHfgAAQQGW310ABAAo7J89AIACEM/9VSeppiBoBo8iD1PUGf+qoEYamjQwTEBkgmuUYPK9xXpRliyfnNiub1bWyVoLHZizeKkk1E2CKjaysckkKs0VGxa+LUX1RydGSNOpSLVDVMlcWydBS3XNm6ZBahElULFTg5rH8XckU4UJD+ph2JA=="

// packers pack a text, by the suffixes of what they make.
var packers = map[string]func(text string) []byte{
	".gz": packed,
	".xz": func(text string) []byte {
		var b bytes.Buffer
		z, _ := xz.WriterConfig{DictCap: 1 << 16}.NewWriter(&b)
		io.WriteString(z, text)
		z.Close()
		return b.Bytes()
	},
	".zst": func(text string) []byte {
		var b bytes.Buffer
		z, _ := zstd.NewWriter(&b)
		io.WriteString(z, text)
		z.Close()
		return b.Bytes()
	},
	".bz2": func(text string) []byte {
		b, _ := base64.StdEncoding.DecodeString(abcBzip2)
		if text != records("a", "b", "c") {
			panic("there is one text in bzip2")
		}
		return b
	},
}

func TestUnpack(t *testing.T) {
	want := []string{record("a"), record("b"), record("c")}
	for suffix, pack := range packers {
		z := string(pack(records("a", "b", "c")))
		f := mustFiles(t, dirWith(t, "by-its-bytes", z), FilesOptions{})
		if got := readFiles(t, f); !slices.Equal(got, want) {
			t.Errorf("%s: got %q", suffix, got)
		}
		f = mustFiles(t, dirWith(t, "twice"+suffix, z+z), FilesOptions{})
		if got := readFiles(t, f); !slices.Equal(got, append(want, want...)) {
			t.Errorf("%s: twice in a row: got %q", suffix, got)
		}
	}
}

// Damage ends a file with an error, in whatever byte it is; reading ends.
func TestUnpackDamaged(t *testing.T) {
	for suffix, pack := range packers {
		z := pack(records("a", "b", "c"))
		for i := range z {
			bad := slices.Clone(z)
			bad[i] ^= 0x55
			for what, text := range map[string][]byte{"cut": z[:i], "changed": bad} {
				in := &input{r: bytes.NewReader(text), name: "x"}
				n, err := 0, in.unpack()
				if err == nil {
					var b []byte
					b, err = io.ReadAll(in.r)
					n = len(b)
				}
				if what == "cut" && i >= 6 && err == nil {
					t.Errorf("%s cut after %d bytes: no error", suffix, i)
				}
				if n > 1<<20 {
					t.Errorf("%s %s at %d: %d bytes", suffix, what, i, n)
				}
				in.Close()
			}
		}
	}
}

// A file may ask for any amount of memory; it doesn't get it.
func TestUnpackGreedy(t *testing.T) {
	text := strings.Repeat(records("a"), 1000)
	z := packers[".xz"](text)
	header := z[12 : 12+4*(int(z[12])+1)]
	header[4] = 39 // 3 GiB
	binary.LittleEndian.PutUint32(header[len(header)-4:], crc32.ChecksumIEEE(header[:len(header)-4]))
	long := slices.Concat([]byte("\x28\xb5\x2f\xfd\x00"), []byte{17 << 3}, packers[".zst"](text)[6:]) // a window of 128 MiB
	for name, bad := range map[string][]byte{".xz": z, ".zst": long} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f := mustFiles(t, dirWith(t, "x", string(bad)), FilesOptions{})
		got := readFiles(t, f)
		if len(got) != 1 || !strings.Contains(got[0], "window") && !strings.Contains(got[0], "more than 64 MiB") {
			t.Errorf("%s: got %.100q", name, got)
		}
		f.Close()
		if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 2<<20 {
			t.Errorf("%s: %d bytes", name, after.TotalAlloc-before.TotalAlloc)
		}
	}
}

// A block after the first may ask for more as well.
func TestUnpackGreedyLater(t *testing.T) {
	first := packers[".xz"](records("a"))
	second := packers[".xz"](records("b"))
	header := second[12 : 12+4*(int(second[12])+1)]
	header[4] = 39
	binary.LittleEndian.PutUint32(header[len(header)-4:], crc32.ChecksumIEEE(header[:len(header)-4]))
	padding := string(make([]byte, 8)) // is allowed between streams
	f := mustFiles(t, dirWith(t, "x", string(first)+padding+string(second)), FilesOptions{})
	got := readFiles(t, f)
	if len(got) != 2 || got[0] != record("a") || !strings.Contains(got[1], "more than 64 MiB") {
		t.Errorf("got %q", got)
	}
}

// The guard passes what xz makes: many blocks, each check.
func TestGuard(t *testing.T) {
	r := strings.Repeat(records("a", "b", "c"), 20)
	for _, c := range []xz.WriterConfig{
		{BlockSize: 3000}, {CheckSum: xz.CRC32}, {CheckSum: xz.SHA256, BlockSize: 5000}, {NoCheckSum: true}, {DictCap: 1 << 22},
	} {
		var b bytes.Buffer
		z, err := c.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(z, r)
		io.WriteString(z, randomText(20_000)) // is stored, not packed
		z.Close()
		in := &input{r: iotest.HalfReader(&b), name: "x"}
		if err := in.unpack(); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(in.r)
		if err != nil || string(got) != r+randomText(20_000) {
			t.Errorf("%+v: %d bytes, %v", c, len(got), err)
		}
	}
}

func randomText(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return string(b)
}

// A file that can't be read is not a damaged one.
func TestUnpackFault(t *testing.T) {
	for suffix, pack := range packers {
		z := pack(records("a", "b", "c"))
		broken := errors.New("the disk is gone")
		in := &input{r: io.MultiReader(bytes.NewReader(z[:len(z)-9]), iotest.ErrReader(broken)), name: "x"}
		err := in.unpack()
		if err == nil {
			_, err = io.Copy(io.Discard, in.r)
		}
		if in.packed == nil || in.fault(err) != broken {
			t.Errorf("%s: %v is taken for damage", suffix, err)
		}
		in.Close()
	}
}

type panics struct{}

func (panics) Read([]byte) (int, error) { panic("index out of range") }

// A library that panics has met damage, and stays so.
func TestUnpackPanics(t *testing.T) {
	u := &unpacker{z: panics{}}
	for range 2 {
		if _, err := u.Read(make([]byte, 1)); err != errPanic {
			t.Error(err)
		}
	}
}

// The first bytes are known before anything is read, and reading begins with them.
func TestHead(t *testing.T) {
	text := records("a", "b", "c")
	for suffix, pack := range packers {
		path := filepath.Join(t.TempDir(), "x")
		os.WriteFile(path, pack(text), 0o600)
		in, err := openRotated(path)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(in.r)
		if want := text[:min(len(text), checkpoint.HeadSize)]; string(in.head) != want || string(got) != text {
			t.Errorf("%s: head %q, text %q", suffix, in.head, got)
		}
		in.Close()
	}
}

// FuzzUnpack: whatever the bytes, unpacking ends, in bounded memory.
func FuzzUnpack(f *testing.F) {
	for _, pack := range packers {
		f.Add(pack(records("a", "b", "c")))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in := &input{r: bytes.NewReader(b), name: "x"}
		defer in.Close()
		if in.unpack() == nil {
			io.CopyN(io.Discard, in.r, 1<<20)
		}
	})
}
