package event
func splitHTML(markup string) []Part { return splitText("html", markup) }
