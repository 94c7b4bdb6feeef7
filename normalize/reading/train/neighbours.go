package main

import (
	"cmp"
	"slices"
)

// neighbours says which readings go together: a character that is read one way
// tends to have the other readings of characters read that way. It is a walk
// of two steps, from a character over its readings to the characters that
// share them, and on to their readings.
type neighbours struct {
	readings map[uint64]int32
	chunks   []uint64
	rows     [][]weighted // of each character: its readings
	total    []float64    // of each reading: the weight of all characters
	onward   []map[int32]float64
	best     map[int][]weighted
}

type weighted struct {
	id     int32
	weight float64
}

// faintReading is the least share of a character that takes part in the walk.
const faintReading = 0.004

func (a *alignment) neighbours(pairsOf [][]int32, prior map[pairKey]float64) *neighbours {
	n := &neighbours{best: map[int][]weighted{}, readings: map[uint64]int32{}, rows: make([][]weighted, len(a.unitKeys))}
	for unit, key := range a.unitKeys {
		if isJoined(key) {
			continue
		}
		sum := 0.0
		for _, pair := range pairsOf[unit] {
			sum += a.count[pair] + prior[a.pairList[pair]]
		}
		for _, pair := range pairsOf[unit] {
			share := (a.count[pair] + prior[a.pairList[pair]]) / sum
			if share < faintReading {
				continue
			}
			chunk := a.pairList[pair].chunk
			id, ok := n.readings[chunk]
			if !ok {
				id = int32(len(n.chunks))
				n.readings[chunk] = id
				n.chunks = append(n.chunks, chunk)
			}
			n.rows[unit] = append(n.rows[unit], weighted{id, share})
		}
	}
	n.total = make([]float64, len(n.chunks))
	n.onward = make([]map[int32]float64, len(n.chunks))
	for _, row := range n.rows {
		for _, r := range row {
			n.total[r.id] += r.weight
			if n.onward[r.id] == nil {
				n.onward[r.id] = map[int32]float64{}
			}
			for _, other := range row {
				n.onward[r.id][other.id] += r.weight * other.weight
			}
		}
	}
	return n
}

// of gives the likeliest readings of a character by way of others, best first.
func (n *neighbours) of(unit int, most int) []weighted {
	if list, ok := n.best[unit]; ok {
		return list[:min(most, len(list))]
	}
	row := n.rows[unit]
	sums := map[int32]float64{}
	for _, r := range row {
		if n.total[r.id] <= r.weight {
			continue
		}
		scale := r.weight / (n.total[r.id] - r.weight)
		own := map[int32]float64{}
		for _, other := range row {
			own[other.id] = r.weight * other.weight
		}
		for id, p := range n.onward[r.id] {
			sums[id] += scale * max(0, p-own[id])
		}
	}
	list := make([]weighted, 0, len(sums))
	for id, p := range sums {
		list = append(list, weighted{id, p})
	}
	slices.SortFunc(list, func(x, y weighted) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(n.chunks[x.id], n.chunks[y.id]))
	})
	list = list[:min(200, len(list))]
	n.best[unit] = list
	return list[:min(most, len(list))]
}

// mix adds the readings of other characters to the derived readings of one,
// with a share of their mass.
func mix(derived map[uint64]float64, order []uint64, list []weighted, chunks []uint64, share float64) []uint64 {
	if len(list) == 0 || share == 0 {
		return order
	}
	for chunk := range derived {
		derived[chunk] *= 1 - share
	}
	for _, r := range list {
		chunk := chunks[r.id]
		if _, ok := derived[chunk]; !ok {
			order = append(order, chunk)
		}
		derived[chunk] += share * r.weight
	}
	return order
}
