-- Stores a sighting, unless one with its key is known.
INSERT INTO sightings (seen_at, added_at, kind, source, value, network, note, sighting_key)
VALUES ($1, $2, $3, $4, $5, $6, nullif($7, ''), $8)
ON CONFLICT (sighting_key) DO NOTHING
