package ledger

import "testing"

func TestWorkerFiles(t *testing.T) {
	gunicorn, puma, pm2, uwsgi := &workerFiles[0], &workerFiles[1], &workerFiles[2], &workerFiles[3]
	for _, test := range []struct {
		f      *workerFile
		data   string
		count  int
		ok     bool
		line   int
		forked bool
	}{
		{gunicorn, "bind = '0.0.0.0'\nworkers = 4\n", 4, true, 2, false},
		{gunicorn, "workers = int(os.environ.get('WORKERS', '3'))\npreload_app = True\n", 3, true, 1, true},
		{gunicorn, "import os\n\nworkers = os.cpu_count() * 2\n", 0, true, 3, false},
		{gunicorn, "workers = 1\n", 0, false, 0, false},
		{gunicorn, "workers = settings.workers\n", 0, false, 0, false},
		{puma, "threads 1, 5\nworkers ENV.fetch('WEB_CONCURRENCY') { 2 }\npreload_app!\n", 2, true, 2, true},
		{puma, "workers Integer(ENV['WEB_CONCURRENCY'] || 2)\n", 2, true, 1, false},
		{puma, "# workers ENV.fetch('WEB_CONCURRENCY') { 2 }\n", 0, false, 0, false},
		{puma, "workers 0\n", 0, false, 0, false},
		{pm2, "{\"apps\": [{\"script\": \"a.js\", \"instances\": \"max\"}]}", 0, true, 1, false},
		{pm2, "apps: [{ instances: 1 }]", 0, false, 0, false},
		{pm2, "apps: [{ instances: 2 }, { instances: 3 }]", 0, false, 0, false},
		{uwsgi, "[uwsgi]\nprocesses = 8\n", 8, true, 2, false},
	} {
		c, ok := test.f.copies("file", []byte(test.data))
		if ok != test.ok || c.Count != test.count || c.At.Line != test.line || c.Forked != test.forked {
			t.Errorf("%q: %v processes, line %d, forked %v, %v; want %v, line %d, forked %v, %v", test.data, c.Count, c.At.Line, c.Forked, ok, test.count, test.line, test.forked, test.ok)
		}
	}
}

func FuzzWorkerFiles(f *testing.F) {
	f.Add([]byte("workers = 4\n"))
	f.Add([]byte("workers ENV.fetch('WEB_CONCURRENCY') { 2 }\ninstances: 'max'\nprocesses = 8"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for i := range workerFiles {
			if c, ok := workerFiles[i].copies("file", data); ok && (c.At.Line < 1 || len(c.Text) > 60) {
				t.Errorf("line %d, %q", c.At.Line, c.Text)
			}
		}
	})
}
