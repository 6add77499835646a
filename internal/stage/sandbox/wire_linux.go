package sandbox

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
)

// maxMessage bounds one message, so that a torn stream cannot ask for all
// memory: 64 MiB, far above the largest box.
const maxMessage = 64 << 20

// request and reply are the two messages between caller and supervisor. Every
// request has one reply with its ID; a "wait" is a request that is answered late.
type request struct {
	ID   uint64
	Op   string
	Body json.RawMessage
}

type reply struct {
	ID    uint64
	Body  json.RawMessage `json:",omitempty"`
	Error *wireError      `json:",omitempty"`
}

// wireError carries an error over the socket.
type wireError struct {
	Text  string
	Errno syscall.Errno `json:",omitempty"`
	Step  string        `json:",omitempty"` // set for a StartError
}

// wire sends and receives messages with file descriptors. Each message is a
// header (length of the body and number of descriptors) that carries the
// descriptors, and the body.
type wire struct {
	conn *net.UnixConn
	mu   sync.Mutex // one writer at a time
}

func (w *wire) send(message any, files ...*os.File) error {
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	if len(body) > maxMessage {
		return fmt.Errorf("message of %d bytes: at most %d", len(body), maxMessage)
	}
	var header [8]byte
	binary.LittleEndian.PutUint32(header[:], uint32(len(body)))
	binary.LittleEndian.PutUint32(header[4:], uint32(len(files)))
	var rights []byte
	if len(files) > 0 {
		fds := make([]int, len(files))
		for i, f := range files {
			fds[i] = int(f.Fd())
		}
		rights = syscall.UnixRights(fds...)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, _, err := w.conn.WriteMsgUnix(header[:], rights, nil); err != nil {
		return err
	}
	_, err = w.conn.Write(body)
	return err
}

func (w *wire) receive(message any) ([]*os.File, error) {
	var header [8]byte
	oob := make([]byte, syscall.CmsgSpace(16*4))
	var files []*os.File
	fail := func(err error) ([]*os.File, error) {
		for _, f := range files {
			f.Close()
		}
		return nil, err
	}
	for got := 0; got < len(header); {
		n, oobn, _, _, err := w.conn.ReadMsgUnix(header[got:], oob)
		if oobn > 0 {
			more, rerr := rights(oob[:oobn])
			files = append(files, more...)
			if rerr != nil {
				return fail(rerr)
			}
		}
		if err == nil && n == 0 {
			err = io.EOF
		}
		if err != nil {
			return fail(err)
		}
		got += n
	}
	size := binary.LittleEndian.Uint32(header[:])
	if size > maxMessage || int(binary.LittleEndian.Uint32(header[4:])) != len(files) {
		return fail(fmt.Errorf("malformed message of %d bytes", size))
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(w.conn, body); err != nil {
		return fail(err)
	}
	if err := json.Unmarshal(body, message); err != nil {
		return fail(err)
	}
	return files, nil
}

// rights opens the descriptors of a control message; they are close-on-exec.
func rights(oob []byte) ([]*os.File, error) {
	messages, err := syscall.ParseSocketControlMessage(oob)
	if err != nil {
		return nil, err
	}
	var files []*os.File
	for i := range messages {
		fds, err := syscall.ParseUnixRights(&messages[i])
		if err != nil {
			return files, err
		}
		for _, fd := range fds {
			files = append(files, os.NewFile(uintptr(fd), "passed"))
		}
	}
	return files, nil
}
