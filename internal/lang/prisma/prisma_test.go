package prisma_test

import (
	"testing"

	"rehearse/internal/lang/langtest"
	"rehearse/internal/lang/prisma"
)

func TestCases(t *testing.T) { langtest.Run(t, prisma.Reader{}) }

func FuzzRead(f *testing.F) { langtest.Fuzz(f, prisma.Reader{}) }
