//go:build !windows

package stage

import (
	"os/exec"
	"syscall"
)

// setGroup gives the process a group of its own, so that all of it can be ended.
func setGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends what the process left behind. That there is nothing is no error.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

func (p *Process) signalPlain(sig syscall.Signal) error {
	pid := p.cmd.Process.Pid
	if sig == syscall.SIGKILL {
		pid = -pid
	}
	if err := syscall.Kill(pid, sig); err != nil && err != syscall.ESRCH {
		return err
	}
	return nil
}

func plainStatus(cmd *exec.Cmd) Status {
	ws, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if ok && ws.Signaled() {
		return Status{Signal: ws.Signal(), Code: 128 + int(ws.Signal())}
	}
	return Status{Code: cmd.ProcessState.ExitCode()}
}
