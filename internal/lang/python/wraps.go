package python

// wraps holds modules that start programs which they do not bring along, as
// their documentation has it (the page of each, 2026).
var wraps = map[string]string{
	"pytesseract":          "tesseract",
	"ocrmypdf":             "tesseract gs",
	"pdf2image":            "pdftoppm pdfinfo",
	"pydub":                "ffmpeg",
	"ffmpeg":               "ffmpeg", // ffmpeg-python
	"whisper":              "ffmpeg", // openai-whisper
	"pdfkit":               "wkhtmltopdf",
	"imgkit":               "wkhtmltoimage",
	"graphviz":             "dot",
	"git":                  "git", // GitPython
	"pypandoc":             "pandoc",
	"pypdftk":              "pdftk",
	"tabula":               "java",
	"pyspark":              "java",
	"language_tool_python": "java",
	"exiftool":             "exiftool", // PyExifTool
	"sox":                  "sox",
}
