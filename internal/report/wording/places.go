package wording

import "math"

// Places returns the number of decimals that show all values exactly: 1, or 2
// for hundredths. Lines of a sum then add up as printed.
//
// Sums of tenths count as exact to a millionth, which absorbs the rounding of
// floats.
func Places(values ...float64) int {
	for _, v := range values {
		if math.Abs(10*v-math.Round(10*v)) > 1e-6 {
			return 2
		}
	}
	return 1
}
