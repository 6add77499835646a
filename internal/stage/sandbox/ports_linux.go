package sandbox

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"io"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// ports lists what the processes of a node listen on.
func (n *node) ports(home *os.File) ([]Port, error) {
	var out []Port
	err := n.in(home, func() error {
		for _, table := range []struct{ file, network, state string }{
			{"tcp", "tcp", "0A"}, {"tcp6", "tcp", "0A"}, // TCP_LISTEN
			{"udp", "udp", "07"}, {"udp6", "udp", "07"}, // unconnected
		} {
			f, err := os.Open("/proc/thread-self/net/" + table.file)
			if os.IsNotExist(err) {
				continue // a kernel without IPv6
			}
			if err != nil {
				return err
			}
			found, err := listening(f, table.network, table.state)
			f.Close()
			if err != nil {
				return err
			}
			out = append(out, found...)
		}
		return nil
	})
	return out, err
}

// listening reads a table as /proc/net/tcp (proc_pid_net(5)): the local address
// is in the machine's byte order, a word at a time, the port is a number.
func listening(r io.Reader, network, state string) ([]Port, error) {
	var out []Port
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || fields[3] != state {
			continue
		}
		host, port, ok := strings.Cut(fields[1], ":")
		raw, err := hex.DecodeString(host)
		number, perr := strconv.ParseUint(port, 16, 16)
		if !ok || err != nil || perr != nil || len(raw)%4 != 0 {
			continue // the heading
		}
		for i := 0; i < len(raw); i += 4 {
			binary.NativeEndian.PutUint32(raw[i:], binary.BigEndian.Uint32(raw[i:]))
		}
		if addr, ok := netip.AddrFromSlice(raw); ok {
			out = append(out, Port{Network: network, Addr: netip.AddrPortFrom(addr, uint16(number))})
		}
	}
	return out, lines.Err()
}
