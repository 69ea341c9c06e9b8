package web

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	toolkit "github.com/prometheus/exporter-toolkit/web"
)

// running is a server that a test has started.
type running struct {
	address string
	stop    context.CancelFunc
	ended   chan error
}

func start(t *testing.T, config string) *running {
	t.Helper()
	ready := true
	h := newTestHandler(t, "/metrics", &ready)
	ctx, cancel := context.WithCancel(context.Background())
	s := &running{freeAddress(t), cancel, make(chan error, 1)}
	go func() {
		s.ended <- Serve(ctx, h, flags(s.address, config), slog.New(slog.DiscardHandler))
	}()
	t.Cleanup(cancel)
	return s
}

func flags(address, config string) *toolkit.FlagConfig {
	no := false
	return &toolkit.FlagConfig{WebListenAddresses: &[]string{address}, WebSystemdSocket: &no, WebConfigFile: &config}
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// get tries until the server listens.
func get(t *testing.T, c *http.Client, url, user, password string) (int, string) {
	t.Helper()
	r, _ := http.NewRequest("GET", url, nil)
	if user != "" {
		r.SetBasicAuth(user, password)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		w, err := c.Do(r)
		if err == nil {
			defer w.Body.Close()
			body, _ := io.ReadAll(w.Body)
			return w.StatusCode, string(body)
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func TestTLSAndBasicAuth(t *testing.T) {
	dir := t.TempDir()
	pool := writeCertificate(t, dir)
	config := filepath.Join(dir, "web.yml")
	// The password is "open sesame", its bcrypt hash of the lowest cost.
	text := "tls_server_config: {cert_file: cert.pem, key_file: key.pem}\n" +
		"basic_auth_users: {prometheus: $2a$04$KRY/RTAsc/P92xirk3.1h.lle0OkqPmahMZOBZhDHc4CO.DccWojG}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, config)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}, Timeout: 5 * time.Second}
	defer client.CloseIdleConnections()
	for _, c := range []struct {
		user, password string
		status         int
	}{
		{"prometheus", "open sesame", 200},
		{"prometheus", "wrong", 401},
		{"nobody", "open sesame", 401},
		{"", "", 401},
	} {
		status, body := get(t, client, "https://"+s.address+"/metrics", c.user, c.password)
		if status != c.status || (status == 200) != strings.Contains(body, "test_total 7") {
			t.Errorf("%q %q: %d %.60q, want %d", c.user, c.password, status, body, c.status)
		}
	}
	if status, _ := get(t, http.DefaultClient, "http://"+s.address+"/metrics", "", ""); status != 400 {
		t.Errorf("HTTP without TLS: %d, want 400", status)
	}
}

// writeCertificate writes cert.pem and key.pem for 127.0.0.1.
func writeCertificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, text := range map[string][]byte{
		"cert.pem": cert,
		"key.pem":  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(cert)
	return pool
}

func TestServeStops(t *testing.T) {
	s := start(t, "")
	if status, _ := get(t, http.DefaultClient, "http://"+s.address+"/-/healthy", "", ""); status != 200 {
		t.Fatalf("%d", status)
	}
	s.stop()
	if err := <-s.ended; err != nil {
		t.Errorf("%v", err)
	}
	if c, err := net.Dial("tcp", s.address); err == nil {
		c.Close()
		t.Error("still listening")
	}
}

// A client that never ends its request does not keep the server.
func TestServeStopsWithAnOpenRequest(t *testing.T) {
	s := start(t, "")
	get(t, http.DefaultClient, "http://"+s.address+"/-/healthy", "", "")
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET /metrics HTTP/1.1\r\nHost: x\r\n")
	s.stop()
	if err := <-s.ended; err != nil {
		t.Errorf("%v", err)
	}
}

func TestPortInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	err = Serve(context.Background(), http.NotFoundHandler(), flags(l.Addr().String(), ""), slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("%v", err)
	}
}
