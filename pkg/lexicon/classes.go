package lexicon

import (
	"slices"
	"strings"
)

// numberClass is built in: a maximal run of numbers in digits or words.
const numberClass = "nombre"

// defineClasses compiles the classes; accents in their names may be left out
// where they are used.
func (c *compiler) defineClasses(sources []ClassSource) {
	c.program.Durations = -1
	for _, s := range sources {
		name := bare(s.Name)
		switch {
		case name == numberClass:
			c.add(s.Place, "<nombre> existe d'avance : ôtez cette classe")
		case c.classes[name] != nil:
			c.add(s.Place, "la classe <%s> existe déjà : réunissez les deux", s.Name)
		case strings.ContainsAny(name, " (){}<>|"):
			c.add(s.Place, "« %s » : le nom d'une classe est un seul mot", s.Name)
		default:
			c.classes[name] = &class{source: s, group: c.newGroup()}
		}
	}
	for _, s := range sources {
		cl := c.classes[bare(s.Name)]
		if cl == nil {
			continue
		}
		c.compileClass(cl)
		if bare(s.Name) == "duree" {
			c.program.Durations = cl.group
		}
	}
}

// class returns the group of a class named in a pattern, compiled before so
// that sequences stand in the order of their dependencies.
func (c *compiler) class(n node) Group {
	name := bare(n.text)
	if name == numberClass {
		return c.program.Number
	}
	cl := c.classes[name]
	switch {
	case cl == nil:
		c.add(c.at.after(n.column), "classe inconnue <%s> : définissez-la sous « classes: » de qualifiers.fr.yaml%s", n.text, c.nearestClass(name))
		return c.program.Number
	case cl.state == 1:
		c.add(c.at.after(n.column), "la classe <%s> se contient elle-même : ôtez <%s> de cette ligne", n.text, n.text)
	default:
		at := c.at
		c.compileClass(cl)
		c.at = at
	}
	return cl.group
}

func (c *compiler) compileClass(cl *class) {
	if cl.state != 0 {
		return
	}
	cl.state = 1
	for _, e := range cl.source.Terms {
		if e.Pattern.anchored {
			c.add(e.Place, "« ^ » n'a pas de sens dans une classe")
		}
		c.pattern(e, cl.group, condition{})
	}
	cl.state = 2
}

func (c *compiler) nearestClass(name string) string {
	known := append(make([]string, 0, len(c.classes)+1), numberClass)
	for k := range c.classes {
		known = append(known, k)
	}
	slices.Sort(known)
	if near := nearest(name, known); near != "" {
		return " ; vouliez-vous dire <" + near + "> ?"
	}
	return ""
}
