package syntax

/*
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

// The part of tree_sitter/api.h that is needed here. The library is linked in
// with the Go binding, whose package cannot hand out its C types to another.
typedef struct { uint32_t context[4]; const void *id; const void *tree; } TSNode;
typedef struct { const void *tree; const void *id; uint32_t context[3]; } TSTreeCursor;
TSTreeCursor ts_tree_cursor_new(TSNode);
void ts_tree_cursor_delete(TSTreeCursor *);
TSNode ts_tree_cursor_current_node(const TSTreeCursor *);
uint16_t ts_tree_cursor_current_field_id(const TSTreeCursor *);
bool ts_tree_cursor_goto_first_child(TSTreeCursor *);
bool ts_tree_cursor_goto_next_sibling(TSTreeCursor *);
bool ts_tree_cursor_goto_parent(TSTreeCursor *);
uint16_t ts_node_symbol(TSNode);
uint32_t ts_node_start_byte(TSNode);
uint32_t ts_node_end_byte(TSNode);
bool ts_node_is_named(TSNode);
bool ts_node_is_extra(TSNode);

typedef struct {
	uint32_t start, end;
	int32_t parent, next, child;
	uint16_t symbol, field;
	uint8_t named, extra;
} flat;

// flatten writes the tree into an array, each node before its children. It
// returns NULL where the memory does not suffice or there are more than max
// nodes.
static flat *flatten(TSNode root, size_t max, size_t *count) {
	size_t capacity = 1024, n = 0;
	flat *nodes = malloc(capacity * sizeof(flat));
	TSTreeCursor cursor = ts_tree_cursor_new(root);
	int32_t parent = -1, before = -1;
	for (bool done = false; nodes && !done;) {
		if (n == capacity) {
			capacity *= 2;
			flat *more = n < max ? realloc(nodes, capacity * sizeof(flat)) : NULL;
			if (!more) {
				free(nodes);
				nodes = NULL;
				break;
			}
			nodes = more;
		}
		TSNode node = ts_tree_cursor_current_node(&cursor);
		nodes[n] = (flat){
			.start = ts_node_start_byte(node), .end = ts_node_end_byte(node),
			.parent = parent, .next = -1, .child = -1,
			.symbol = ts_node_symbol(node), .field = ts_tree_cursor_current_field_id(&cursor),
			.named = ts_node_is_named(node), .extra = ts_node_is_extra(node),
		};
		if (before >= 0) nodes[before].next = (int32_t)n;
		else if (parent >= 0) nodes[parent].child = (int32_t)n;
		int32_t self = (int32_t)n++;
		if (ts_tree_cursor_goto_first_child(&cursor)) {
			parent = self;
			before = -1;
			continue;
		}
		while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
			if (!ts_tree_cursor_goto_parent(&cursor)) {
				done = true;
				break;
			}
			self = parent;
			parent = nodes[parent].parent;
		}
		before = self;
	}
	ts_tree_cursor_delete(&cursor);
	*count = n;
	return nodes;
}
*/
import "C"

import (
	"fmt"
	"runtime"
	"unsafe"

	sitter "github.com/smacker/go-tree-sitter"
)

// flat is a node of a tree that has been taken over from the parser. Nodes are
// known by their place in an array, in which each stands before its children.
type flat struct {
	start, end          uint32
	parent, next, child int32 // -1 for none
	symbol, field       uint16
	named, extra        bool
}

// Both sides of the conversion must have the same layout.
var _ [unsafe.Sizeof(flat{}) - C.sizeof_flat]struct{}
var _ [C.sizeof_flat - unsafe.Sizeof(flat{})]struct{}

// maxNodes bounds the nodes of a file: a file of MaxSize that people write has
// far fewer.
const maxNodes = 2 << 20

// flatten takes a tree over from the parser in one call: a call of C for each
// node would cost more than the parse. The binding's Node begins with the
// parser's, which holds no pointer of Go's.
func flatten(root *sitter.Node) ([]flat, error) {
	var count C.size_t
	nodes := C.flatten(*(*C.TSNode)(unsafe.Pointer(root)), maxNodes, &count)
	if nodes == nil {
		return nil, fmt.Errorf("not read: more than %d nodes", maxNodes)
	}
	defer C.free(unsafe.Pointer(nodes))
	runtime.KeepAlive(root)
	taken := make([]flat, count)
	copy(taken, unsafe.Slice((*flat)(unsafe.Pointer(nodes)), int(count)))
	if taken[0].end != root.EndByte() || taken[0].start != root.StartByte() {
		return nil, fmt.Errorf("not read: the parser's nodes are not laid out as expected")
	}
	return taken, nil
}
