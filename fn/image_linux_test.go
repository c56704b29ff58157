package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// nobody is the user that kpt runs functions as (fnruntime/container.go, UserNobody),
// with the number that distroless gives it.
const nobody = 65534

// TestImage runs the function as its image does, but for the container engine: in a root
// that holds what the Dockerfile copies, as nobody, without network.
func TestImage(t *testing.T) {
	file := readDockerfile(t)
	root, again := file.assemble(t), file.assemble(t)
	program := file.entrypoint[0]
	if !bytes.Equal(read(t, root, program), read(t, again, program)) {
		t.Error("two builds of the same sources differ")
	}
	input := read(t, "testdata", "image.yaml")
	want := runFunction(t, exec.Command(build(t)), input)
	cmd := exec.Command(program, file.entrypoint[1:]...)
	cmd.Dir = "/"
	cmd.Env = []string{}
	cmd.SysProcAttr = isolated(root)
	got := runFunction(t, cmd, input)
	if !bytes.Equal(got, want) {
		t.Errorf("in the image:\n%s\noutside:\n%s", got, want)
	}
	if !bytes.Contains(got, []byte("kind: Kustomization")) {
		t.Errorf("nothing was converted:\n%s", got)
	}
}

// isolated gives a process its own root and an empty network. Who is not root becomes
// nobody in a user namespace of its own.
func isolated(root string) *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{
		Chroot: root, Cloneflags: syscall.CLONE_NEWNET,
		Credential: &syscall.Credential{Uid: nobody, Gid: nobody, NoSetGroups: true},
	}
	if os.Getuid() != 0 {
		attributes.Cloneflags |= syscall.CLONE_NEWUSER
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}}
	}
	return attributes
}

func runFunction(t *testing.T, cmd *exec.Cmd, input []byte) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v (a user who is not root needs user namespaces: sysctl kernel.unprivileged_userns_clone=1)\n%s", err, &stderr)
	}
	return out
}

// A dockerfile is what the test needs of the Dockerfile: two stages, each a list of
// instructions with their arguments.
type dockerfile struct {
	build, image [][]string
	entrypoint   []string
}

func readDockerfile(t *testing.T) (file dockerfile) {
	t.Helper()
	text := strings.ReplaceAll(string(read(t, "..", "Dockerfile")), "\\\n", " ")
	stages := 0
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || strings.HasPrefix(fields[0], "#"):
		case fields[0] == "FROM":
			stages++
		case fields[0] == "ENTRYPOINT":
			if err := json.Unmarshal([]byte(strings.TrimPrefix(strings.TrimSpace(line), "ENTRYPOINT")), &file.entrypoint); err != nil {
				t.Fatal(err)
			}
		case stages == 1:
			file.build = append(file.build, fields)
		default:
			file.image = append(file.image, fields)
		}
	}
	if stages != 2 || len(file.entrypoint) == 0 {
		t.Fatalf("the Dockerfile has %d stages and the entrypoint %q", stages, file.entrypoint)
	}
	return file
}

// assemble builds the first stage in a directory of its own, and returns the root that
// the second stage makes of it.
func (file dockerfile) assemble(t *testing.T) (root string) {
	t.Helper()
	sources, root := t.TempDir(), t.TempDir()
	for _, step := range file.build {
		switch {
		case step[0] == "COPY":
			for _, name := range step[1 : len(step)-1] {
				copyTo(t, filepath.Join("..", name), filepath.Join(sources, name))
			}
		case step[0] == "RUN" && !strings.Contains(strings.Join(step, " "), "mod download"):
			command := strings.Replace(strings.Join(step[1:], " "), "-o /", "-o "+sources+"/", 1)
			cmd := exec.Command("sh", "-c", command)
			cmd.Dir = sources
			cmd.Env = append(os.Environ(), "TARGETOS="+runtime.GOOS, "TARGETARCH="+runtime.GOARCH)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", command, err, out)
			}
		}
	}
	for _, step := range file.image {
		switch {
		case step[0] != "COPY":
		case step[1] == "--from=build":
			copyTo(t, filepath.Join(sources, step[2]), filepath.Join(root, step[3]))
		default:
			copyTo(t, filepath.Join("..", step[1]), filepath.Join(root, step[2]))
		}
	}
	return root
}

// copyTo copies a file or directory, and lets everybody read it.
func copyTo(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(from); err == nil && info.IsDir() {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err := os.WriteFile(to, read(t, from), 0o755); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(name...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
