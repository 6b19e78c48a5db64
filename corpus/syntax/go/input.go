// Package ferry moves crates over rivers.
package ferry

import (
	"context"
	"fmt"
	str "strings"
	_ "embed"
)

import . "math"

// Limit is the largest number of crates.
const Limit = 64

const (
	// Idle is a ferry at its pier.
	Idle State = iota
	loading
	Moving, Sunk
)

// ErrFull is returned when nothing more fits.
var ErrFull = fmt.Errorf("full")

var (
	fleet, spare []*Ferry
	crew         = map[string]int{"captain": 1}
)

// State says what a ferry does.
type State int

type Alias = map[string]State

// Crate is what a ferry carries.
//
// It is never empty.
type Crate[T any, K comparable] struct {
	sync.Mutex
	*Label
	Weight float64 `json:"weight"` // in kilograms
	from, to string
	inner struct {
		Depth int
	}
	items map[K]T
}

type (
	// Pier is where a ferry lands.
	Pier interface {
		fmt.Stringer
		// Land takes a ferry in.
		Land(ctx context.Context, f *Ferry) error
		depth() float64
	}

	Number interface{ ~int | ~float64 }

	handler func(w Writer, r *Request) error
	Empty   struct{}
)

// New makes a crate.
func New[T any, K comparable](
	weight float64,
	items map[K]T,
) (*Crate[T, K], error) {
	const local = 1
	var other int
	type hidden struct{ a int }
	load := func(x int) int { return x }
	return &Crate[T, K]{Weight: Max(weight, 1)}, ErrFull
}

// Add puts one item in.
func (c *Crate[T, K]) Add(key K, item T) { c.items[key] = item }

func (f Ferry) String() string { return str.ToUpper(f.name) }

func (*Ferry) sink() {}

func external(x int) int

func init() {
	fleet = append(fleet, build[Ferry]("first"))
}

func TestAdd(t *testing.T) {
	t.Run("one", func(t *testing.T) {
		var inside int
		New[int, string](1, nil)
	})
}

func BenchmarkAdd(b *testing.B) {}

func testament() {}

func Broken(a int {
	if a == {
}

func After(p Pier) State { return Idle }
