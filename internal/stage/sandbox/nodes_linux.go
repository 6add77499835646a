package sandbox

import (
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// The addresses of a stage. They exist in namespaces of the stage alone.
var (
	// Router is the address at which every node reaches the outside, the
	// resolver and the services.
	Router = net.IPv4(10, 77, 0, 1)
	// Services is the range whose every address belongs to the outside: a
	// resolver or a service may take any of them.
	Services = net.IPNet{IP: net.IPv4(10, 96, 0, 0).To4(), Mask: net.CIDRMask(16, 32)}
)

// node is a network namespace that lives as long as its file is open.
type node struct {
	ns    *os.File
	link  string // name of the outside's end of its cable
	cable int    // index of that device; 0 is the outside itself
	ip    net.IP
}

// here opens the network namespace of the calling thread.
func here() (*os.File, error) {
	return os.Open("/proc/thread-self/ns/net")
}

// in runs f on a thread in the node's network namespace.
func (n *node) in(home *os.File, f func() error) error {
	if n.ns == home {
		return f()
	}
	runtime.LockOSThread()
	if err := unix.Setns(int(n.ns.Fd()), unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("enter network: %w", err)
	}
	err := f()
	if back := unix.Setns(int(home.Fd()), unix.CLONE_NEWNET); back != nil {
		return errors.Join(err, back) // the thread stays locked and dies with its goroutine
	}
	runtime.UnlockOSThread()
	return err
}

// outside makes the supervisor's own network the router between the nodes.
func outside() (*node, error) {
	ns, err := here()
	if err != nil {
		return nil, err
	}
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		return nil, err
	}
	if err := netlink.LinkSetUp(lo); err != nil {
		return nil, err
	}
	if err := netlink.AddrAdd(lo, &netlink.Addr{IPNet: &net.IPNet{IP: Router, Mask: net.CIDRMask(32, 32)}}); err != nil {
		return nil, err
	}
	// Every service address is local here, so that a port nobody serves is refused.
	err = netlink.RouteAdd(&netlink.Route{
		LinkIndex: lo.Attrs().Index, Dst: &Services, Type: unix.RTN_LOCAL, Scope: netlink.SCOPE_HOST, Table: unix.RT_TABLE_LOCAL, Src: Router,
	})
	if err != nil {
		return nil, fmt.Errorf("service addresses: %w", err)
	}
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644); err != nil {
		return nil, err
	}
	return &node{ns: ns, ip: Router}, nil
}

// newNode makes a network namespace with a cable to the outside.
func newNode(home *os.File, number int) (*node, error) {
	n := &node{
		link: fmt.Sprintf("node%d", number),
		ip:   net.IPv4(10, 77, byte((number+1)>>8), byte(number+1)).To4(),
	}
	if number+1 >= 1<<16-1 {
		return nil, errors.New("no address is left for another node")
	}
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return nil, fmt.Errorf("unshare network: %w", err)
	}
	err := n.fill(home)
	if back := unix.Setns(int(home.Fd()), unix.CLONE_NEWNET); back != nil {
		return nil, errors.Join(err, back)
	}
	runtime.UnlockOSThread()
	if err == nil {
		err = n.route()
	}
	if err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

// fill makes the devices of the node, on a thread inside it.
func (n *node) fill(home *os.File) (err error) {
	if n.ns, err = here(); err != nil {
		return err
	}
	h, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer h.Close()
	veth := &netlink.Veth{
		LinkAttrs: netlink.LinkAttrs{Name: "eth0", Flags: net.FlagUp}, PeerName: n.link,
		PeerNamespace: netlink.NsFd(int(home.Fd())),
	}
	if err := h.LinkAdd(veth); err != nil {
		return fmt.Errorf("cable: %w", err)
	}
	lo, err := h.LinkByName("lo")
	if err != nil {
		return err
	}
	if err := h.LinkSetUp(lo); err != nil {
		return err
	}
	eth, err := h.LinkByName("eth0")
	if err != nil {
		return err
	}
	if err := h.AddrAdd(eth, &netlink.Addr{IPNet: &net.IPNet{IP: n.ip, Mask: net.CIDRMask(32, 32)}}); err != nil {
		return err
	}
	if err := h.LinkSetUp(eth); err != nil {
		return err
	}
	err = h.RouteAdd(&netlink.Route{LinkIndex: eth.Attrs().Index, Gw: Router, Flags: int(netlink.FLAG_ONLINK)})
	if err != nil {
		return fmt.Errorf("default route: %w", err)
	}
	// As container runtimes do: any user of a container may listen below 1024.
	// Kernels without the setting leave that to CAP_NET_BIND_SERVICE.
	_ = os.WriteFile("/proc/sys/net/ipv4/ip_unprivileged_port_start", []byte("0"), 0o644)
	return nil
}

// route makes the node known to the outside.
func (n *node) route() error {
	peer, err := netlink.LinkByName(n.link)
	if err != nil {
		return err
	}
	if err := netlink.LinkSetUp(peer); err != nil {
		return err
	}
	n.cable = peer.Attrs().Index
	if err := netlink.RouteAdd(n.way()); err != nil {
		return fmt.Errorf("route to node: %w", err)
	}
	return nil
}

// way is the outside's route to the node.
func (n *node) way() *netlink.Route {
	return &netlink.Route{
		LinkIndex: n.cable, Dst: &net.IPNet{IP: n.ip, Mask: net.CIDRMask(32, 32)}, Scope: netlink.SCOPE_LINK, Src: Router,
	}
}

// close takes the node away: from here on nothing reaches it. The kernel takes
// its devices away in its own time, when the last process and socket in it have
// gone: to delete the cable here would hold every other node up for 25 to 45 ms.
func (n *node) close() error {
	var err error
	if n.cable != 0 {
		err = netlink.RouteDel(n.way())
		if errors.Is(err, unix.ESRCH) {
			err = nil // the cable is gone already
		}
	}
	if n.ns != nil {
		err = errors.Join(err, n.ns.Close())
	}
	return err
}

// socket makes a socket in the node.
func (n *node) socket(home *os.File, family, kind int) (*os.File, error) {
	var f *os.File
	err := n.in(home, func() error {
		fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			return os.NewSyscallError("socket", err)
		}
		f = os.NewFile(uintptr(fd), "socket")
		return nil
	})
	return f, err
}
