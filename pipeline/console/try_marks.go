package console

import (
	"encoding/json"
	"slices"
	"unicode/utf16"
)

// mostMarks are shown in the text as one types.
const mostMarks = 1500

// marksOf says where signs stand in the typed text, as JSON for the page's
// script: [from, to, class, struck] in UTF-16 units, in order and without overlaps.
func marksOf(in *input, signs []shownSign) string {
	if in.typed == nil || in.fromFile {
		return "[]"
	}
	var all []stretch
	for i := range signs {
		for _, span := range signs[i].spans {
			if from, to, ok := in.typed.Place(span.Part, span.Start, span.End); ok && len(all) < mostMarks {
				all = append(all, stretch{start: from, end: to, sign: &signs[i]})
			}
		}
	}
	units := unitsOf(in.text, all)
	marks := make([][4]any, 0, len(all))
	sweep(all, 0, func(from, to int, open []stretch) {
		class, struck := classOf(open)
		if class == "" {
			return
		}
		mark := [4]any{units[from], units[to], class, struck}
		if n := len(marks); n > 0 && marks[n-1][1] == mark[0] && marks[n-1][2] == class && marks[n-1][3] == struck {
			marks[n-1][1] = mark[1] // the border was that of a sign that does not show here
			return
		}
		marks = append(marks, mark)
	})
	data, err := json.Marshal(marks)
	if err != nil { // numbers and words of the program's own
		return "[]"
	}
	return string(data)
}

// unitsOf counts the UTF-16 units before each code point at which a stretch
// begins or ends.
func unitsOf(text string, all []stretch) map[int]int {
	var points []int
	for _, s := range all {
		points = append(points, s.start, s.end)
	}
	slices.Sort(points)
	points = slices.Compact(points)
	units := make(map[int]int, len(points))
	point, unit := 0, 0
	for _, r := range text {
		for len(points) > 0 && points[0] == point {
			units[point] = unit
			points = points[1:]
		}
		point++
		unit += utf16.RuneLen(r)
	}
	for _, p := range points {
		units[p] = unit
	}
	return units
}
