package event
import ("testing";"fmt")
func TestTry(t *testing.T){
 for _, s := range []string{
 `<html><head><style>x{}</style><title>t</title></head><body><p>Bonjour,</p><p>j&rsquo;ai perdu<br>mon emploi &amp; l&#233;t&eacute</p><div class="gmail_quote"><div class="gmail_attr">Le mar. 3 mars 2024 à 10:12, Service &lt;x@y.fr&gt; a écrit :<br></div><blockquote class="gmail_quote"><div>Si vous rencontrez<p>difficultés</blockquote><div>ma réponse dessous</div></div><span style="display:none">caché<div>visible</div></body>`,
 `<div>Je suis malade</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>De :</b> Service<br><b>Envoyé :</b> lundi<br><b>Objet :</b> x</div><div>Nous vous informons</div>`,
 } {
  for _, p := range splitHTML(s) { fmt.Printf("%d %q\n", p.Voice, p.Text)
   for i := range p.Text { _ = i }
   fmt.Printf("   %q\n", string([]rune(s)[p.Point(0):p.PointEnd(len(p.Text))]))
  }
 }
}
