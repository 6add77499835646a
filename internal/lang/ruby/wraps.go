package ruby

// wraps holds classes that start programs which their gems do not bring along,
// as their documentation has it (the page of each, 2026).
var wraps = map[string]string{
	"MiniMagick::Image":       "identify", // mini_magick; of ImageMagick 6 and 7 alike
	"CarrierWave::MiniMagick": "identify",
	"RTesseract":              "tesseract",
	"FFMPEG::Movie":           "ffmpeg ffprobe", // streamio-ffmpeg
	"GraphViz":                "dot",            // ruby-graphviz
	"MiniExiftool":            "exiftool",
	"Git::Base":               "git",
	"PdfForms":                "pdftk",
}
