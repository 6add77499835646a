package stage

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// setGroup does nothing: this system has no process groups of that kind.
func setGroup(*exec.Cmd) {}

// killGroup does nothing; see setGroup.
func killGroup(*exec.Cmd) {}

func (p *Process) signalPlain(sig syscall.Signal) error {
	if sig != syscall.SIGKILL && sig != syscall.SIGTERM {
		return fmt.Errorf("signal %v: %w", sig, errors.ErrUnsupported)
	}
	// There is no softer way to end a process here.
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

func plainStatus(cmd *exec.Cmd) Status {
	return Status{Code: cmd.ProcessState.ExitCode()}
}
