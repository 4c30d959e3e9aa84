package lexicon

// Policy is configs/routing.yaml: from findings to categories, severity, route
// and referrals. It is part of the ruleset and its digest.
type Policy struct {
	// Thresholds holds, by category id, the weight that makes a category, and
	// those of "urgent" and "partner" where there is a learned layer. Default 1.
	Thresholds map[string]float64 `json:"thresholds" yaml:"thresholds"`
	// Repeat is the share of a factor's weight that each further term of the
	// same factor adds (0 to 1), so that one sign said twice is not two signs.
	Repeat float64 `json:"repeat" yaml:"repeat"`
	// Neighbour is the share of the weight that findings of other categories lend to a category below its threshold.
	Neighbour float64 `json:"neighbour" yaml:"neighbour"`
	// Severity raises: from this many categories on, the severity is at least that.
	Raise Raise `json:"raise" yaml:"raise"`
	// Referrals by name; "partner" is the one of the contract.
	Referrals map[string]Referral `json:"referrals" yaml:"referrals"`
	// Urgent lists the urgencies that route urgent; others stay care.
	Urgent []string `json:"urgent" yaml:"urgent"`
	// Alert maps an urgency to whom to alert; informative, for people and case systems.
	Alert map[string][]string `json:"alert" yaml:"alert"`
	// Languages lists the language tags that ordinary factors are read in.
	Languages []string `json:"languages" yaml:"languages"`
	// Disabled lists factors switched off, for privacy or policy: "health.addiction"
	// is no longer looked for, "health.faisceau" leaves a category to its factors,
	// "health.*" leaves it to what the person declares.
	Disabled []string `json:"disabled" yaml:"disabled"`
}

// Off reports whether a factor, named with its category, is switched off: by
// itself or with its whole category.
func (p *Policy) Off(factor string) bool { return names(p.Disabled, factor) }

// Raise is a rule of severity.
type Raise struct {
	Categories int `json:"categories" yaml:"categories"`
	To         int `json:"to" yaml:"to"`
}

// Referral proposes somebody when a break and a shortage stand in one document.
type Referral struct {
	// Break and Shortage list factor ids; "resilience.*" is a whole category.
	Break    []string `json:"break" yaml:"break"`
	Shortage []string `json:"shortage" yaml:"shortage"`
}

// UrgencyUnspecified is the urgency of a route that indices alone made urgent.
const UrgencyUnspecified = "unspecified"
