package checkpoint

// MaxPlaces is how many places a state has at most.
const MaxPlaces = 100_000

// EncodePlaces puts places.
func EncodePlaces(e *Encoder, places []Place) {
	e.Uint(uint64(len(places)))
	for i := range places {
		places[i].Encode(e)
	}
}

// DecodePlaces takes what EncodePlaces put.
func DecodePlaces(d *Decoder) (places []Place) {
	n := d.Uint()
	if n > MaxPlaces {
		d.Fail("%d places are more than there can be", n)
	}
	for range n {
		if d.Err() != nil {
			return nil
		}
		places = append(places, DecodePlace(d))
	}
	return places
}
