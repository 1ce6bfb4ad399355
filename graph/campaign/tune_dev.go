package campaign

import (
	"os"
	"strconv"
)

func tune(name string, d float64) float64 {
	if v, err := strconv.ParseFloat(os.Getenv(name), 64); err == nil {
		return v
	}
	return d
}

var basePrior = float32(tune("PRIOR", 5))
var whatBits = float32(tune("WHAT", 4))
var groupBits = float32(tune("GB", 2.5))
var unitBits = float32(tune("UNIT", 2))
var softWho = float32(tune("SW", 8))
var ownBits = float32(tune("OWN", 7))
var rank = int(tune("RANK", 1))
var maxAgainst = tune("AG", -5)

var contactBits = float32(tune("CB", 5))
var crowd = float32(tune("CROWD", 0.5))

var copyRate = tune("COPY", 1)

var popular = float32(tune("POP", 11))

var textCopies = tune("TC", 0.5)
