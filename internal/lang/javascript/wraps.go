package javascript

// wraps holds packages that start programs which they do not bring along, as
// their documentation has it (npmjs.com/package/NAME, 2026).
var wraps = map[string]string{
	"fluent-ffmpeg":       "ffmpeg ffprobe",
	"ffprobe":             "ffprobe",
	"node-ffprobe":        "ffprobe",
	"gm":                  "gm",
	"imagemagick":         "convert identify",
	"im-resize":           "convert",
	"node-wkhtmltopdf":    "wkhtmltopdf",
	"wkhtmltopdf":         "wkhtmltopdf",
	"node-tesseract-ocr":  "tesseract",
	"node-pandoc":         "pandoc",
	"node-pdftk":          "pdftk",
	"pdffiller":           "pdftk",
	"pdf-fill-form":       "pdftk",
	"libreoffice-convert": "soffice",
	"graphviz":            "dot",
	"simple-git":          "git",
	"rsync":               "rsync",
	"pdf-image":           "convert pdfinfo",
	"node-qpdf":           "qpdf",
}
