"""Phrases that say by themselves what a sentence means, per intent, in the languages Hearback reads.

Each is one linear pattern (no nested repetition; gaps are bounded). They are features of the message model beside the
trained sentence weights, so how far each can be trusted is learned, not claimed.
"""

from __future__ import annotations

import functools
import re
from typing import Final

_APP: Final = r"(?:application|candidature|candidacy|cv|résumé|resume|submission)"
_GAP: Final = r"[^.!?\n]{0,60}"

PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "receipt": (
        rf"\b(?:received|have|got) your {_APP}\b", rf"\byour {_APP}{_GAP}\b(?:has|have|was|is)(?: now| successfully| safely)?(?: been)? (?:received|submitted|registered|arrived|sent|delivered|complete)\b",
        rf"\b(?:thank you|thanks|many thanks)(?: so much| very much)? for (?:applying|your (?:recent |online |speculative )?{_APP}|submitting your|sending (?:us )?your|your interest in (?:the|our|this) {_GAP}(?:position|role|job|vacancy)[^.]{{0,30}}(?:received|apply))",
        rf"\b{_APP} (?:received|submitted|confirmation|sent)\b", r"\bwe (?:can )?confirm (?:that we have received|receipt of|the receipt)\b", r"\bconfirm\w* (?:that )?(?:your|we have received your) application\b", r"\bthank you for applying\b", r"\bthanks for applying\b", r"\bapplication (?:was|has been) sent to\b", r"\bmade it to us\b", r"\bapplication has arrived\b", r"\bsuccessfully applied\b",
        r"\bEingangsbestätigung\b", r"\bBewerbung(?:sunterlagen)?\b[^.!?\n]{0,80}\b(?:erhalten|eingegangen|angekommen|eingetroffen)\b", r"\b(?:vielen|herzlichen|besten) Dank für (?:Ihre|deine|die Zusendung Ihrer) Bewerbung", r"\bhaben (?:Ihre|deine) (?:Bewerbung|Unterlagen)[^.!?\n]{0,40}erhalten", r"\bIhre Unterlagen[^.!?\n]{0,30}erhalten",
        r"\b(?:avons bien reçu|accusons (?:bonne )?réception|bien été (?:reçue|enregistrée|transmise))\b", r"\bmerci (?:pour|de) (?:votre candidature|avoir postulé)", r"\bcandidature (?:reçue|envoyée)\b",
        r"\bhemos recibido (?:tu|su) (?:candidatura|solicitud|currículum|cv)\b", r"\bgracias por (?:tu|su) (?:candidatura|solicitud|inscripción|postulación|haber)", r"\b(?:tu|su) (?:candidatura|inscripción|postulación) (?:ha sido|fue) (?:recibida|registrada|enviada)",
        r"\brecebemos (?:a )?(?:sua|tua) (?:candidatura|inscrição)", r"\bobrigad[oa] (?:por|pela) (?:se candidatar|sua candidatura|tua candidatura|sua inscrição)", r"\b(?:sua|tua) candidatura foi (?:recebida|enviada|registada)",
        r"\babbiamo ricevuto (?:la )?(?:tua|sua) candidatura", r"\bgrazie per (?:la tua|la sua|aver inviato la) candidatura", r"\bcandidatura (?:è stata )?(?:ricevuta|inviata)",
        r"\b(?:we hebben|wij hebben)[^.!?\n]{0,30}sollicitatie[^.!?\n]{0,30}ontvangen", r"\bbedankt voor (?:je|uw|jouw) sollicitatie", r"\bsollicitatie (?:is )?(?:ontvangen|goed ontvangen)",
        r"\botrzymaliśmy (?:twoj[ąe]|Pan[ai]|Państwa) (?:aplikacj|zgłosz)", r"\bdziękujemy za (?:przesłanie|złożenie|wysłanie)[^.!?\n]{0,30}(?:aplikacji|zgłoszenia|CV)", r"\bdziękujemy za (?:aplikację|zgłoszenie)",
    ),
    "pending": (
        rf"\b{_APP}{_GAP}\b(?:under review|being reviewed|in review|being considered|under consideration|with (?:the|our) (?:hiring|team|manager))", r"\bcurrently (?:under review|reviewing|being reviewed|being assessed)\b", r"\b(?:is|are) (?:now |still |currently )?(?:reviewing|under review|assessing)\b", r"\bwill (?:carefully )?review (?:it|your|all)\b", r"\bstill (?:reviewing|considering|going through)\b", r"\bunder review (?:with|by)\b",
        r"\bwird (?:derzeit|aktuell|gerade|nun|momentan)[^.!?\n]{0,50}geprüft", r"\bprüfen (?:derzeit|aktuell|gerade|nun)?[^.!?\n]{0,30}(?:Ihre|deine|die) (?:Bewerbung|Unterlagen)", r"\bsorgfältig prüfen", r"\bin Bearbeitung\b",
        r"\b(?:en cours d.(?:étude|examen|analyse)|actuellement (?:étudiée|examinée|à l.étude))", r"\b(?:está (?:siendo|en) (?:revisad|evaluad|revisión|proceso)|estamos (?:revisando|evaluando|valorando))", r"\b(?:está em análise|em avaliação|estamos (?:analisando|a analisar|avaliando))", r"\b(?:in fase di (?:valutazione|revisione)|stiamo (?:valutando|esaminando))", r"\b(?:in behandeling|wordt (?:momenteel|nu|nog)? ?(?:beoordeeld|bekeken))", r"\b(?:jest (?:obecnie |w trakcie )?(?:rozpatrywan|analizowan|weryfikacji)|w trakcie (?:rozpatrywania|analizy))",
    ),
    "delayed_hold": (
        r"\b(?:on hold|has been paused|is paused|been put on ice|delay(?:ed)?\b(?! your)|taking (?:a (?:bit|little) )?longer than|thank(?:s| you) for your patience|bear with us|apologi[sz]e for the (?:delay|wait)|sorry for the (?:delay|wait|silence)|longer than (?:expected|planned|usual|we))\b",
        r"\b(?:verzögert|Verzögerung|auf Eis|zurückgestellt|pausiert|noch etwas Geduld|vorübergehend gestoppt)\b", r"\b(?:retard|suspendu|en pause|prend plus de temps)\b", r"\b(?:retraso|en pausa|pausado|más tiempo de lo)\b", r"\b(?:atraso|suspenso|em pausa|pausad[oa])\b", r"\b(?:ritardo|in sospeso|sospes[ao])\b", r"\b(?:vertraging|in de wacht|on hold|loopt uit)\b", r"\b(?:opóźni|wstrzyman|przedłuż)\w*",
    ),
    "advanced": (
        r"\b(?:moved|moving|move|advanced|progress(?:ed)?|advance) (?:you )?(?:forward |on |ahead )?(?:to|into) (?:the )?(?:next|second|third|final|last|following) (?:stage|round|step|phase)", r"\b(?:shortlisted|made the shortlist|longlisted)\b", r"\bpleased to (?:let you know|inform you|tell you|say) (?:that )?you (?:have|'ve) (?:been|made|passed|progressed)", r"\bwould like to (?:move|take|progress) (?:you|your application) (?:forward|further|to the)", r"\bgood news from\b", r"\byou have moved forward\b",
        r"\b(?:nächste[nr]? (?:Runde|Schritt|Stufe|Phase)|engere[rn]? (?:Auswahl|Wahl))\b", r"\b(?:prochaine étape|présélectionné|retenu[e]? pour la suite)\b", r"\b(?:siguiente (?:fase|etapa)|preseleccionad)\w*", r"\b(?:próxima (?:fase|etapa)|pré-selecionad|pré-seleccionad)\w*", r"\b(?:fase successiva|prossimo step|preselezionat)\w*", r"\b(?:volgende (?:ronde|stap|fase))\b", r"\b(?:kolejn\w+ etap\w*|następn\w+ etap\w*)\b",
    ),
    "checks": (
        r"\b(?:references?|referees?|background (?:check|screening)|right to work|right-to-work|DBS|criminal record|reference check|pre-employment)\b", r"\b(?:Referenzen|Führungszeugnis|Arbeitserlaubnis)\b", r"\b(?:références professionnelles|extrait de casier|prise de références)\b", r"\b(?:referencias (?:laborales|profesionales)|antecedentes penales)\b",
    ),
    "withdrawn_ack": (
        r"\b(?:withdrawn|withdrawal|withdrew|withdraw) (?:of )?(?:your|from)\b", r"\byour (?:application|candidacy)[^.!?\n]{0,30}\bwithdrawn\b", r"\b(?:have|has|had|you) (?:now )?withdrawn\b", r"\b(?:zurückgezogen|Rücknahme Ihrer)\b", r"\b(?:retrait de votre candidature|retiré votre)\b", r"\b(?:retirad[oa] (?:tu|su)|retirar (?:tu|su) candidatura)\b", r"\b(?:ritir\w+ (?:la|della) (?:tua|sua) candidatura)\b", r"\b(?:ingetrokken)\b", r"\b(?:wycofan)\w*",
    ),
    "transferred": (
        r"\b(?:transferred|moved|reassigned|forwarded|passed) (?:your (?:application|cv|details) )?(?:over )?(?:to|across to) (?:the |our |another |a different )[^.!?\n]{0,50}(?:role|position|vacancy|team|opening|requisition)", r"\b(?:re-?titled|renamed|new title)\b", r"\bconsider you for (?:a different|another)\b", r"\b(?:auf die Stelle|für eine andere Stelle|umbenannt)\b",
    ),
    "test_invite": (
        r"\b(?:complete|take|do|finish|start|sit|submit|work on)\b[^.!?\n]{0,50}\b(?:assessment|test|challenge|exercise|questionnaire|take-home|assignment|case study|task|one-way video|video questions|quiz|game)\b", r"\b(?:online|coding|technical|skills?|aptitude|cognitive|psychometric|situational) (?:assessment|test|challenge|exercise|task)s?\b", r"\btake-?home\b", r"\b(?:HackerRank|Codility|CodeSignal|TestGorilla|HireVue|pre-recorded|one-way|on-demand) ?(?:test|assessment|video|interview|link|challenge|invitation)?\b(?=[^.!?\n]{0,80}(?:complete|record|invit|link|minutes|by|before|within))",
        r"\b(?:Online-?(?:Test|Assessment)|Eignungstest|Programmieraufgabe|Testaufgabe|Probeaufgabe|Fallstudie)\b", r"\b(?:test (?:en ligne|technique)|exercice technique|étude de cas|entretien vidéo différé)\b", r"\b(?:prueba (?:técnica|online|en línea)|test (?:online|psicotécnico)|cuestionario)\b", r"\b(?:teste (?:online|técnico)|desafio técnico|prova online)\b", r"\b(?:test (?:online|tecnico|attitudinale)|prova (?:tecnica|online)|esercizio)\b", r"\b(?:online assessment|capaciteitentest|testopdracht|praktijkopdracht)\b", r"\b(?:test online|zadani[ea] (?:rekrutacyjne|techniczne|testowe)|test (?:kompetencji|umiejętności))\b",
    ),
    "interview_invite": (
        r"\b(?:invite|inviting|invited) you (?:to|for|in for)\b[^.!?\n]{0,60}\b(?:interview|call|chat|conversation|meeting|trial|assessment cent(?:re|er)|round|discussion|visit|meet)\b", r"\b(?:like|love|want|keen|happy) to (?:schedule|arrange|set up|book|organi[sz]e|have)\b[^.!?\n]{0,60}\b(?:interview|call|chat|conversation|screen|meeting)\b", r"\b(?:like|love) to (?:interview|meet|speak (?:to|with)|talk (?:to|with)|get to know) you\b", r"\binvitation (?:to|for) (?:an? |your )?[^.!?\n]{0,30}interview\b", r"\b(?:offer|like to offer) you an? [^.!?\n]{0,20}interview\b", r"\binterview (?:invitation|invite)\b", r"\bfinal round\b", r"\bphone screen\b",
        r"\b(?:laden wir Sie|Einladung zum|einladen|lade ich dich|laden wir dich|kennenlernen)\b[^.!?\n]{0,80}(?:Gespräch|Interview|Vorstellung|Termin|Kennenlern|Probe)?", r"\bVorstellungsgespräch\b", r"\b(?:invitons? à|convier à|inviter à)[^.!?\n]{0,40}(?:entretien|rencontre|rendez-vous)", r"\bentretien (?:avec|de|d.embauche)\b", r"\b(?:invitar(?:te|le)|te invitamos|le invitamos|concertar|agendar)[^.!?\n]{0,40}entrevista", r"\b(?:convid\w+|agendar|marcar)[^.!?\n]{0,40}entrevista", r"\b(?:invit\w+|fissare|organizzare)[^.!?\n]{0,40}colloquio", r"\b(?:uitnodig\w+|nodigen)[^.!?\n]{0,60}(?:gesprek|kennismak)", r"\b(?:zapr(?:osić|aszamy)|zaproszenie)[^.!?\n]{0,40}(?:rozmow|spotkani)",
    ),
    "availability": (
        r"\b(?:your availability|when (?:are|would|could|can) you|what times?|which (?:of|slot|time|day|one)|pick a (?:time|slot)|choose a (?:time|slot)|book a (?:time|slot)|select a (?:time|slot)|any of (?:these|the following)|slots? (?:that|which) (?:suit|work)|are you (?:free|available)|let me know (?:when|what|which)|times? (?:that )?work)\b", r"\b(?:calendly\.com|cal\.com|goodtime\.io)/", r"\b(?:wann (?:hätten|passt|haben|könnten)|Terminvorschläge|welcher Termin|Ihre Verfügbarkeit)\b", r"\b(?:vos disponibilités|quelles sont vos|créneaux?)\b", r"\b(?:disponibilidad|qué día|cuándo (?:podría|te))\b", r"\b(?:disponibilidade|quando (?:você|poderia))\b", r"\b(?:disponibilità|quando (?:potrebbe|sei))\b", r"\b(?:beschikbaar(?:heid)?|wanneer (?:kun|zou|schikt))\b", r"\b(?:dostępnoś|kiedy (?:mógł|mogł|pasuje)|dogodn)\w*",
    ),
    "interview_confirm": (
        r"\b(?:confirm(?:ed|ing|ation|s)?)\b[^.!?\n]{0,60}\b(?:interview|call|meeting|conversation|chat|slot|appointment)\b", r"\b(?:interview|call|conversation|chat)\b[^.!?\n]{0,40}\b(?:is confirmed|has been confirmed|is booked|has been scheduled|is scheduled|confirmed for)\b", r"\breminder\b[^.!?\n]{0,50}\binterview\b", r"\byou are booked with\b", r"\blooking forward to (?:our|the) (?:interview|call|chat|conversation)\b", r"\b(?:bestätig\w+)[^.!?\n]{0,50}(?:Termin|Gespräch|Interview)", r"\b(?:Termin|Gespräch)[^.!?\n]{0,40}bestätigt", r"\b(?:confirm\w+)[^.!?\n]{0,40}(?:entretien|entrevista|colloquio|rendez-vous)", r"\b(?:bevestig\w+)[^.!?\n]{0,40}(?:gesprek|afspraak)", r"\b(?:potwierdz\w+)[^.!?\n]{0,40}(?:rozmow|spotkani|termin)",
    ),
    "interview_move": (
        r"\b(?:reschedul\w+|postpone\w*|push back|move (?:our|your|the|it|this)|moved to|bring forward|different time|new time|another time)\b[^.!?\n]{0,80}", r"\b(?:verschieben|verlegen|verschoben|neuer Termin|Terminverschiebung)\b", r"\b(?:reporter|décaler|reporté|décalé|déplacer)\b", r"\b(?:reprogramar|aplazar|cambiar la (?:hora|fecha)|mover)\b[^.!?\n]{0,40}entrevista", r"\b(?:reagendar|remarcar|adiar)\b", r"\b(?:spostare|rinviare|posticipare|riprogrammare)\b", r"\b(?:verzetten|verplaatsen|verschuiven)\b", r"\b(?:przełoży|przesun)\w+",
    ),
    "interview_cancel": (
        r"\b(?:cancel(?:led|ed|ling)?|call off|called off)\b[^.!?\n]{0,60}\b(?:interview|call|meeting|conversation|chat|appointment)\b", r"\b(?:interview|call|meeting|chat|conversation)\b[^.!?\n]{0,60}\b(?:cancel(?:led|ed)|called off|will not take place|won't take place|cannot take place)\b", r"\b(?:Gespräch|Interview|Termin)[^.!?\n]{0,60}(?:absagen|abgesagt|entfällt|ausfallen)", r"\b(?:entretien)[^.!?\n]{0,40}annul", r"\bannul\w+[^.!?\n]{0,40}entretien", r"\bcancel\w+[^.!?\n]{0,40}entrevista", r"\bentrevista[^.!?\n]{0,40}cancelad", r"\bcolloquio[^.!?\n]{0,40}annullat", r"\bgesprek[^.!?\n]{0,40}(?:geannuleerd|gaat niet door|afgezegd)", r"\b(?:odwoła)\w+",
    ),
    "offer": (
        r"\b(?:pleased|delighted|happy|thrilled|excited|glad|would like|like|love) to (?:formally |officially )?(?:offer you|make you an offer|extend (?:you )?(?:an|this|our|a formal) (?:job )?offer)\b(?![^.!?\n]{0,20}interview)", r"\b(?:offer you|offering you) (?:the|a|this) (?:position|role|job|post|place)\b", r"\b(?:job offer|offer letter|offer of employment|letter of offer|formal offer|written offer|your offer from|an offer from)\b", r"\bwe(?:'d| would) (?:like|love) you to join\b", r"\bthe (?:job|role|position) is yours\b",
        r"\b(?:bieten (?:wir )?Ihnen|anbieten zu können|Vertragsangebot|Stellenangebot für Sie|Zusage|Arbeitsvertrag)\b", r"\b(?:vous proposer le poste|promesse d.embauche|proposition d.embauche|offre d.embauche)\b", r"\b(?:ofrecer(?:te|le) (?:el|la) (?:puesto|posición|trabajo)|oferta de (?:trabajo|empleo) (?:formal|para))\b", r"\b(?:oferecer(?:-lhe)? (?:a vaga|o cargo|a posição)|proposta de (?:trabalho|emprego)|carta oferta)\b", r"\b(?:offrir(?:ti|le) (?:la posizione|il ruolo)|proposta di (?:assunzione|lavoro)|lettera di assunzione)\b", r"\b(?:de (?:functie|baan) aan(?: te)? ?bieden|arbeidsovereenkomst|aanbod te doen)\b", r"\b(?:zaoferować (?:Pan[ui]|Ci)|oferta (?:pracy|zatrudnienia) dla|złożyć (?:Pan[ui]|Ci) ofertę)\b",
    ),
    "offer_detail": (
        r"\b(?:start date|base salary|annual salary|salary of|gross (?:per|a) (?:year|month|annum)|signing bonus|sign (?:and return )?(?:the|your) (?:contract|offer)|countersign|notice period|accept (?:this|the|our) offer|revised offer|contract (?:is )?attached)\b", r"\b(?:Bruttojahresgehalt|Jahresgehalt|Eintrittsdatum|Vertragsunterlagen)\b",
    ),
    "rejection": (
        r"\b(?:not (?:be )?(?:moving|move|going|progress\w*|proceed\w*|tak\w+|continu\w+|advanc\w+|pursu\w+)\b[^.!?\n]{0,40}\b(?:forward|ahead|further|with your|this time|on this occasion|on|application|process|any further))", r"\b(?:decided|chosen|elected|opted|going|choose|decision) (?:to )?(?:not to (?:proceed|move|progress|continue|take|offer|pursue|advance)|(?:move|proceed|go|progress) (?:forward|ahead|on)?\s?with (?:an)?other|against|in favou?r of)\b", r"\b(?:unsuccessful|not (?:been )?(?:selected|successful|shortlisted|chosen))\b", r"\b(?:another|other|different|a stronger|better[- ]suited) (?:candidate|applicant)s?\b", r"\b(?:position|role|vacancy|job|post)\b[^.!?\n]{0,40}\b(?:has (?:now )?been (?:filled|closed|cancelled|withdrawn)|is no longer (?:available|open)|went to|gone to|filled internally)\b", r"\b(?:regret to (?:inform|tell|let|advise)|sorry to (?:inform|say|let you know|tell you))\b", r"\bunfortunately\b[^.!?\n]{0,90}\b(?:not|unable|another|other|cannot|can't|won't|filled|different|decided)\b", r"\bwill not be (?:offering|able to offer|considering|inviting)\b", r"\bdid not (?:make|get) (?:it|the)\b", r"\b(?:hiring freeze|frozen hiring|not hiring for)\b", r"\bno longer (?:being considered|under consideration|considering)\b", r"\bnot (?:the right|a) (?:match|fit)\b", r"\bnot going to take this further\b",
        r"\b(?:leider (?:mitteilen|nicht|müssen|können|keine|absagen))\b", r"\b(?:anderen? (?:Bewerber|Kandidat|Bewerberin|Kandidatin)\w*)\b", r"\b(?:Absage|absagen|nicht berücksichtigen|nicht weiter|gegen Sie entschieden|nicht für Sie entschieden|anderweitig besetzt|bereits besetzt)\b",
        r"\b(?:ne (?:pouvons|sommes|donner|retenir|donnerons|correspond)[^.!?\n]{0,40}(?:pas|suite|favorable)|pas (?:été )?retenue?|regret de vous (?:informer|annoncer)|n.a pas été retenue|suite défavorable|autre candidat)\b", r"\b(?:lamentamos|sentimos (?:comunicar|informar)|no (?:has|ha) sido seleccionad|otro candidato|otros candidatos|no continuar|hemos decidido (?:no|continuar con otr))\w*", r"\b(?:infelizmente|lamentamos|não (?:foi|foste) selecionad|outro candidato|outros candidatos|não (?:iremos|vamos) (?:avançar|prosseguir|seguir))\w*", r"\b(?:purtroppo|siamo spiacenti|non (?:proseguire|procedere|è stat[ao] selezionat)|altr[oi] candidat)\w*", r"\b(?:helaas|andere kandidaat|andere kandidaten|niet (?:verder|doorgaan|uitgekozen|geselecteerd)|afgewezen)\b", r"\b(?:niestety|z przykrością|inn\w+ kandydat|nie (?:został|zdecydowali|możemy))\w*",
    ),
    "talent_pool": (
        r"\b(?:keep (?:your|you)[^.!?\n]{0,40}(?:on file|in mind|in our)|talent (?:pool|community|network|bank)|future (?:opportunities|openings|roles|vacancies))\b", r"\b(?:Talentpool|Bewerberpool|Talent-Pool)\b", r"\b(?:vivier|base de candidats)\b", r"\b(?:bolsa de (?:empleo|trabajo|candidatos)|base de datos)\b",
    ),
    "outreach": (
        r"\b(?:came across|found|noticed|saw|stumbled (?:up)?on|impressed by|looking at) your (?:profile|background|linkedin|github|experience|cv|work)\b", r"\b(?:my client|our client|a client of (?:mine|ours))\b", r"\b(?:open to (?:a (?:quick |short )?(?:chat|call|conversation)|new (?:roles|opportunities)|hearing|exploring))\b", r"\b(?:great|perfect|strong|good|ideal|excellent) (?:fit|match) for\b", r"\b(?:I'?m|I am) (?:a )?(?:recruiter|recruiting|hiring|headhunter|talent)\b[^.!?\n]{0,60}\b(?:role|position|for|team|at)\b", r"\bexciting (?:opportunity|role|position)\b", r"\bwould you be (?:interested|open)\b", r"\b(?:auf (?:Ihr|dein) Profil (?:aufmerksam|gestoßen)|spannende Position|Ihr Profil)\b", r"\b(?:votre profil|opportunité)\b", r"\b(?:tu perfil|su perfil|una oportunidad)\b", r"\b(?:seu perfil|teu perfil|oportunidade)\b", r"\b(?:tuo profilo|suo profilo|opportunità)\b", r"\b(?:je profiel|uw profiel)\b", r"\b(?:Pan[ai] profil|Twój profil)\b",
    ),
    "candidate_followup": (
        r"\b(?:withdraw my|accept (?:your|the) offer|happy to accept|glad to accept|pleased to accept|follow(?:ing)? up on my|my application for|I (?:am writing to|would like to) apply|decline (?:your|the) offer)\b", r"\b(?:meine Bewerbung|ziehe[^.!?\n]{0,30}zurück|nehme (?:Ihr|das|euer) Angebot)\b",
    ),
    "job_alert": (
        r"\b(?:\d+\+? (?:new )?(?:jobs|vacancies|roles|matches)|new jobs? (?:for|in|match)|jobs? (?:alert|recommend|you (?:may|might))|recommended jobs|your (?:job )?alert|is hiring|are hiring|apply (?:now|today)|easily apply|complete your application|finish (?:your|it) (?:application|now)|invited you to apply|appeared in \d+ searches|viewed your profile|wants to connect|similar jobs|people also viewed)\b", r"\b(?:neue (?:Jobs|Stellen)|Jobempfehlung\w*|Stellenangebote für|jetzt bewerben)\b", r"\b(?:nouvelles? offres?|offres? d.emploi|postulez)\b", r"\b(?:nuevas ofertas|ofertas de empleo|inscríbete)\b", r"\b(?:novas vagas|vagas para)\b", r"\b(?:nuove offerte|offerte di lavoro)\b", r"\b(?:nieuwe vacatures|vacatures voor)\b", r"\b(?:nowe oferty|oferty pracy)\b",
    ),
    "careers_marketing": (
        r"\b(?:bootcamp|webinar|masterclass|enrol|% off|discount|career coach|resume (?:review|service|template)|newsletter|issue \d+|course|workshop series|podcast|ebook|free guide|survey|feedback on your (?:experience|application)|how (?:was|did) your)\b",
    ),
    "other_application": (
        r"\b(?:loan|mortgage|visa|credit card|overdraft|passport|scholarship|grant|rental|tenancy|insurance|planning|nursery|school place|university|college|permit|membership|app store|citizenship|benefit|planning permission|talk proposal|call for papers)\b",
    ),
    "other_offer": (r"\b(?:special offer|limited offer|offer ends|% off|discount|free delivery|voucher|book now|sale\b|deal of|trade-?in|unconditional offer|offer of a place)\b",),
    "other_interview": (r"\b(?:podcast|user research|usability|research study|press interview|journalist|visa interview|exclusive interview|interview with the (?:author|director|artist|minister)|oral history|documentary)\b",),
    "employer_internal": (r"\b(?:performance review|payroll|payslip|onboarding|timesheet|all-hands|annual leave|referral bonus|interview panel|scorecard|your direct report|stand-?up|sprint|line manager|staff)\b",),
    "transactional": (
        r"\b(?:security code|verification code|verify your|one-time|password|order (?:number|confirmation|no)|invoice|receipt for|shipped|parcel|delivery|your booking|reservation|statement|subscription|payment|appointment|reset your|sign-in attempt|confirm your email)\b", r"\b(?:Rechnung|Bestellung|Kontoauszug|Lieferung|Buchung|Paket|Termin(?:erinnerung)?|Passwort)\b", r"\b(?:facture|commande|livraison|colis)\b", r"\b(?:factura|pedido|envío|reserva)\b", r"\b(?:fatura|encomenda|entrega)\b", r"\b(?:fattura|ordine|spedizione)\b", r"\b(?:factuur|bestelling|bezorg)\w*", r"\b(?:faktura|zamówieni|przesyłk)\w*",
    ),
    "scam": (r"\b(?:gift cards?|western union|bitcoin|crypto|wire transfer|passport copy|no experience (?:needed|required)|earn (?:up to )?[$€£]|weekly pay|without interview|bank details|processing fee|telegram|whatsapp)\b",),
    "boilerplate": (r"\b(?:unsubscribe|do not reply|no-?reply|equal opportunity|confidential|privacy (?:policy|notice)|all rights reserved|registered in|automatically generated|powered by)\b",),
    "later_steps": (r"\b(?:if (?:you are|you're|your|we|selected|shortlisted|successful|it looks)|should (?:you|we|your)|only (?:shortlisted|successful|selected)|do not hear|don't hear|haven't heard|will (?:be in touch|contact|get back|hear|reach out|let you know)|within (?:\w+ ){0,3}(?:days|weeks))\b", r"\b(?:falls|sollten|melden uns|innerhalb (?:von|der))\b"),
}


@functools.cache
def compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """One pattern per intent."""
    return tuple((intent, re.compile("|".join(f"(?:{each})" for each in patterns), re.IGNORECASE)) for intent, patterns in PATTERNS.items())


@functools.lru_cache(maxsize=2048)
def hits(sentence: str) -> frozenset[str]:
    """Intents whose phrases the sentence holds."""
    return frozenset(intent for intent, pattern in compiled() if pattern.search(sentence))
