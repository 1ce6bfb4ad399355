package campaign

import (
	"cmp"

	"spoor/graph/evidence"
)

// inherited reports whether messages have features of the kind only through
// registry data of their domains and addresses.
func inherited(k evidence.Kind) bool {
	return k.Is(evidence.Inherited)
}

// nameTraits records the domain or address through which a trait was inherited,
// so that its value can be found: of several the first by name. It need not be
// one of the example's.
func (x *Index) nameTraits(lists ...[]Trait) {
	via := make(map[evidence.Key]string)
	for _, traits := range lists {
		for i := range traits {
			if k := traits[i].Feature; inherited(k.Kind()) {
				via[k] = ""
			}
		}
	}
	if len(via) == 0 {
		return
	}
	for who, features := range x.inherited {
		name := x.names[who]
		for _, k := range features {
			if old, ok := via[k]; ok && (old == "" || cmp.Less(name, old)) {
				via[k] = name
			}
		}
	}
	for _, traits := range lists {
		for i := range traits {
			traits[i].Via = via[traits[i].Feature]
		}
	}
}
