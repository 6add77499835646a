//go:build !linux

package stage

import (
	"context"
	"syscall"
)

// control is nil: there is only the machine's network.
func (n *Node) control(string) func(context.Context, string, string, syscall.RawConn) error {
	return nil
}
