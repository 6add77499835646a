package ruby

import (
	"bytes"
	"testing"

	"rehearse/internal/lang/langtest"
)

func TestCases(t *testing.T) { langtest.Run(t, New()) }

func TestHard(t *testing.T) { langtest.Hard(t, New(), ".rb", `def f() ENV.fetch("X") end`) }

func FuzzRead(f *testing.F) { langtest.Fuzz(f, New()) }

func BenchmarkRead(b *testing.B) { langtest.Bench(b, New(), ".rb", head, body) }

// FuzzTags holds the code of a template to its places: nothing moves, and what
// is not in a tag is blank.
func FuzzTags(f *testing.F) {
	f.Add([]byte("a: <%= ENV['X'] -%>\n# <% x %>\ntest:\n  b: <%# c %>\n"))
	f.Add([]byte("<%%= x %> <% \xff %> <%"))
	f.Fuzz(func(t *testing.T, data []byte) {
		code, ok := tags(data)
		if !ok {
			return
		}
		if len(code) != len(data) || bytes.Count(code, []byte("\n")) != bytes.Count(data, []byte("\n")) {
			t.Fatalf("%q became %q", data, code)
		}
		for i, c := range code {
			if c != ' ' && c != ';' && c != data[i] {
				t.Fatalf("at %d of %q stands %q", i, data, c)
			}
		}
	})
}

const (
	head = `DSN = ENV.fetch("DATABASE_URL")
`
	body = `
  def product
    id = Integer(params[:id], exception: false)
    return render(json: { error: "no such product" }, status: :not_found) if id.nil?

    row = Product.where(id: id).select(:name, :price).first
    unless row && row.price.positive?
      logger.error("product #{id} is not there")
      raise ActiveRecord::RecordNotFound, "no product #{id}"
    end
    names = row.tags.map { |tag| tag.name.downcase }.reject(&:empty?)
    render json: { id: id, name: row.name || "unknown", price: row.price / 100, tags: names }
  end
`
)
