package fact

// Built is an image that a definition has built, where no workload of it says so:
// a BuildConfig of OpenShift.
type Built struct {
	Image string // its name, with its tag
	From  BuildFrom
}
