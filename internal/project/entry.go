package project

// ModuleEndings are the endings of files in which a function may start, whose
// imports can be followed.
var ModuleEndings = []string{".ts", ".js", ".mjs", ".cjs", ".mts", ".cts", ".tsx", ".jsx", ".py"}

// Module returns the file of the component that the name of a module means, which
// may lack its ending; "" where there is none.
func (c *Component) Module(name string) string {
	for _, f := range c.Files {
		if f.Path == name {
			return f.Path
		}
	}
	for _, ending := range ModuleEndings {
		for _, f := range c.Files {
			if f.Path == name+ending || f.Path == name+"/index"+ending {
				return f.Path
			}
		}
	}
	return ""
}
