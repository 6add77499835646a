package cost

// maxrssUnit is what ru_maxrss counts in, in bytes (getrusage(2)).
const maxrssUnit = 1024
