package scene

import (
	"os"
	"testing"

	"rehearse/internal/stage"
)

func TestMain(m *testing.M) {
	stage.Enter()
	os.Exit(m.Run())
}
