package golang

// wraps holds packages that start programs which they do not bring along, as
// their documentation has it (pkg.go.dev/NAME, 2026).
var wraps = map[string]string{
	"github.com/SebastiaanKlippert/go-wkhtmltopdf": "wkhtmltopdf",
	"github.com/u2takey/ffmpeg-go":                 "ffmpeg",
	"github.com/xfrr/goffmpeg/transcoder":          "ffmpeg ffprobe",
	"github.com/vansante/go-ffprobe":               "ffprobe",
	"gopkg.in/vansante/go-ffprobe.v2":              "ffprobe",
	"github.com/barasher/go-exiftool":              "exiftool",
	"github.com/habx/pg-commands":                  "pg_dump pg_restore",
}
