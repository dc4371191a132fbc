"""Everyday words: an idea is known in every language, and words that mean something else are silent."""

import pytest

from ontology.linking.topics import topics


def objectives(text: str, language: str) -> set[int]:
    return {
        int(each.target.partition("/")[2])
        for each in topics(text, language)
        if each.target.startswith("objective/")
    }


def goals(text: str, language: str) -> set[int]:
    return {
        int(each.target.partition("/")[2])
        for each in topics(text, language)
        if each.target.startswith("sdg/") and "." not in each.target
    }


# An idea once in each language, in words that name no objective.
IDEAS = {
    1: (
        "A census of people of Nowhere who live abroad gives figures on departures by sex and age.",
        "Un recensement des Togolais établis à l'étranger donnera des chiffres sur les départs.",
        "Un censo de bolivianos radicados en el exterior dará cifras sobre las salidas.",
    ),
    2: (
        "Cooperatives and irrigation let families stay on their land instead of leaving in the drought.",
        "Des coopératives et des puits permettent aux familles de rester au lieu de partir en saison sèche.",
        "Cooperativas y riego permiten a las familias quedarse en su tierra en vez de irse.",
    ),
    3: (
        "Before they leave for the Gulf, maids learn in an orientation what their contract says.",
        "Avant de partir pour le Golfe, les domestiques suivent deux jours de préparation sur le contrat.",
        "Antes de volar al exterior, las niñeras asisten a dos jornadas de preparación sobre el contrato.",
    ),
    4: (
        "Mobile teams register births of children who were never registered and issue birth certificates.",
        "Des audiences foraines donnent un acte aux enfants dont la naissance n'a jamais été déclarée.",
        "Brigadas de registro anotan los nacimientos de niños que nunca fueron inscritos.",
    ),
    5: (
        "A seasonal worker scheme with visas lets pickers come back each year.",
        "Les saisonniers marocains pourront travailler six mois et revenir l'année suivante avec un visa.",
        "Los temporeros marroquíes podrán trabajar seis meses y volver cada temporada con una visa.",
    ),
    6: (
        "Recruiters who charge migrant workers fees lose their licence.",
        "Les bureaux qui envoient des nourrices au Liban perdent leur agrément s'ils exigent des frais.",
        "Las agencias que mandan niñeras a Kuwait pierden la licencia si cobran comisiones.",
    ),
    8: (
        "Families learn what became of relatives who went missing at sea, and the drowned are identified.",
        "Les mères sauront ce qu'est devenu leur fils, disparu en mer avec sa pirogue.",
        "Las madres sabrán el paradero de sus hijos desaparecidos en el mar con su lancha.",
    ),
    9: (
        "Police prosecute the smuggling networks that sell crossings to migrants.",
        "La police poursuit les réseaux qui organisent des départs clandestins contre de l'argent.",
        "La policía persigue a las redes que organizan salidas clandestinas por dinero.",
    ),
    11: (
        "The land border post is enlarged, and officers check travellers' passports with readers.",
        "Le poste frontalier est agrandi et les agents contrôlent les voyageurs au lecteur de passeports.",
        "Se amplía el puesto fronterizo y los agentes revisan a los viajeros con lectores de pasaportes.",
    ),
    13: (
        "Foreign families are no longer locked up but live in community housing.",
        "Des familles étrangères sans visa ne sont plus enfermées mais suivies dans des appartements.",
        "A las familias extranjeras sin visa ya no se las encierra, sino que viven en hogares.",
    ),
    14: (
        "The embassy helps workers in distress and visits nationals in prison.",
        "L'ambassade secourt ses compatriotes arrêtés et visite les ouvriers blessés.",
        "La embajada socorre a sus paisanos arrestados y visita a los obreros heridos.",
    ),
    17: (
        "Reporters learn to speak of migrants without stereotypes.",
        "Des journalistes apprennent à parler des migrants sans clichés ni amalgames.",
        "Periodistas aprenden a hablar de los migrantes sin tópicos ni estereotipos.",
    ),
    20: (
        "Sending money home gets cheaper for migrants' families.",
        "Les frais sur l'argent envoyé aux familles restées au pays baissent.",
        "Bajan las comisiones del dinero que los trabajadores envían a sus familias.",
    ),
    22: (
        "Years worked abroad count towards the pension under an agreement between two countries.",
        "Les années de travail accomplies dans deux pays s'ajoutent pour la retraite selon une convention.",
        "Los años de trabajo en dos países se suman para la jubilación según un convenio.",
    ),
    23: (
        "Heads of immigration of five states meet twice a year and adopt a common position.",
        "Les chefs de l'immigration de cinq pays se réunissent et adoptent une position commune.",
        "Los jefes de migración de cinco países se reúnen y adoptan una posición común.",
    ),
}


@pytest.mark.parametrize("place", range(3), ids=["en", "fr", "es"])
@pytest.mark.parametrize("objective", IDEAS)
def test_an_idea_is_known_in_every_language(objective: int, place: int) -> None:
    assert objective in objectives(IDEAS[objective][place], ("en", "fr", "es")[place])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # Words that begin as another one does.
        ("fr", "Le visage de la lauréate figure sur les affiches, visant à attirer les visiteurs."),
        (
            "fr",
            "Des consultants consultent le catalogue à la rentrée ; les revenus de la vente sont bons.",
        ),
        (
            "fr",
            "Les bonnes pratiques et le crédit de la caisse sont présentés à partir de midi sur la scène.",
        ),
        (
            "es",
            "El torneo deportivo reúne a los equipos de deporte de la oficina, y se consulta el reglamento.",
        ),
        ("es", "La consultoría revisa la página y la forma del formulario a partir de las ocho."),
        # Offices, meetings, farewells and meals.
        (
            "fr",
            "Notre collègue de la section consulaire part à la retraite. Un pot sera offert dans le hall.",
        ),
        ("es", "Nuestra compañera de la sección consular se jubila. Habrá un brindis en el vestíbulo."),
        (
            "fr",
            "Les stagiaires doivent avoir un diplôme reconnu ; le logement et le visa sont à leur charge.",
        ),
        (
            "es",
            "Los pasantes deben tener un título reconocido; el alojamiento y la visa corren por su cuenta.",
        ),
        (
            "fr",
            "Fourniture et livraison de panneaux solaires au bureau, ouverture en séance publique.",
        ),
        (
            "es",
            "Suministro y entrega de paneles solares a la oficina. Las ofertas se abrirán en acto público.",
        ),
        (
            "fr",
            "Le ministère de la justice et de la coopération internationale désigne un point focal.",
        ),
        ("es", "El ministerio de salud y la secretaría de la mujer designan un punto focal para la reunión."),
        # The Compact and the goals themselves.
        (
            "en",
            "The Global Compact was adopted in 2018. It has 23 objectives, from data to cooperation.",
        ),
        (
            "fr",
            "Le Pacte mondial a été adopté en 2018. Ses 23 objectifs vont des données à la coopération.",
        ),
        (
            "es",
            "El Pacto Mundial fue adoptado en 2018. Sus 23 objetivos van de los datos a la cooperación.",
        ),
        (
            "fr",
            "Le texte suit ses principes directeurs, dont la coopération internationale et l'état de droit.",
        ),
        ("es", "El texto recoge sus principios rectores, entre ellos la cooperación internacional."),
        # Books are kept, and pages have letters.
        ("en", "Treasurers learnt bookkeeping, petty cash and accountability to donors."),
        ("fr", "La présente note fixe la police et la taille des caractères du rapport."),
        ("es", "Las tesoreras practicaron conciliación bancaria y rendición de cuentas ante donantes."),
        ("es", "El proyecto se alinea con el Pacto Mundial y cuenta con un comité directivo."),
        # To speak of the Compact and the Agenda is to do nothing for them.
        ("en", "The Global Compact and the 2030 Agenda stay the frame in which our offices think."),
        ("fr", "Le Pacte mondial et le Programme 2030 restent les deux boussoles de nos équipes."),
        ("es", "El Pacto Mundial y la Agenda 2030 siguen siendo las dos brújulas de la institución."),
        # Others use the same words in museums, on fields and in kitchens.
        ("en", "The museum of emigration is closed on Monday; tickets cost less for pupils and jobseekers."),
        ("en", "Our colleagues of the border unit won the football cup against the health workers."),
        ("fr", "Le film sur la frontière sera projeté au festival, sous-titré, en présence du réalisateur."),
        ("fr", "L'ambassadeur a levé son verre lors de la réception, où la diaspora était invitée."),
        ("es", "El documental sobre la trata se proyecta en el cine del festival, con subtítulos."),
        ("es", "El sorteo de entradas para el partido es entre connacionales que escriban al consulado."),
        # A label says who and where, and not what.
        ("en", "Target group: returnees, unaccompanied children, victims of trafficking."),
        ("fr", "Bénéficiaires : migrants de retour, victimes de la traite, mineurs non accompagnés."),
        ("es", "Población meta: retornados, víctimas de trata, niñas y niños no acompañados."),
        # What did not come to be.
        ("en", "The forum on labour mobility did not take place, and remittance schools were cancelled."),
        ("fr", "La campagne sur les risques de la traite n'a finalement pas eu lieu."),
        ("es", "El componente de remesas fue eliminado, y ninguna de sus actividades llegó a iniciarse."),
        # Birds need no visa.
        ("fr", "Les oiseaux migrateurs franchissent les frontières sans visa et repartent au printemps."),
        ("es", "Las aves migratorias cruzan fronteras sin visa y parten en primavera."),
    ],
)
def test_words_that_mean_something_else_are_silent(language: str, text: str) -> None:
    assert topics(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Not eligible are: the salaries of teachers, vaccines, and the reintegration of returnees."),
        (
            "fr",
            "Ne sont pas admissibles : les salaires des enseignants, les vaccins et le retour des migrants.",
        ),
        ("es", "No son admisibles: los sueldos de docentes, las vacunas y el retorno de migrantes."),
        ("fr", "Cette page n'a trait ni à la protection des réfugiés, ni à leur santé, ni à leurs écoles."),
        ("es", "Esta página no guarda relación con la protección de refugiados, ni con su salud."),
        ("es", "El proyecto no persigue combatir la corrupción ni forjar alianzas público-privadas."),
        ("en", "What the fund cannot pay for: border posts, the return of migrants, scholarships."),
        ("fr", "Ne sont pas pris en charge par ce guichet : les patrouilles frontalières, les retours."),
        ("es", "No podrán cargarse a la subvención la atención médica ni el retorno de personas."),
        ("es", "Tampoco ofrece acceso a la justicia. Únicamente repara el techo del archivo."),
        (
            "es",
            "Quedan fuera del financiamiento la lucha contra la corrupción y la cooperación internacional.",
        ),
    ],
)
def test_what_a_text_only_denies_or_leaves_out_is_silent(language: str, text: str) -> None:
    assert topics(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "fr",
            "Les diplômes des infirmières étrangères ne sont pas reconnus ; un jury évalue leurs acquis.",
        ),
        (
            "es",
            "Los títulos de enfermeras extranjeras no son reconocidos; un jurado evalúa sus saberes.",
        ),
    ],
)
def test_a_lack_that_a_project_makes_good_is_no_denial(language: str, text: str) -> None:
    assert 18 in objectives(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The policy focus has now broadened from migration management to development."),
        ("en", "Enlargement of the union has made migration management necessary."),
        ("fr", "L'élargissement de l'union a rendu nécessaire une meilleure gestion des migrations."),
        ("es", "La ampliación de la unión ha hecho necesaria una mejor gestión de la migración."),
        ("es", "El enfoque se ha ampliado de la gestión migratoria al desarrollo."),
    ],
)
def test_how_things_came_to_be_is_no_topic(language: str, text: str) -> None:
    assert topics(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A database is tried out at five consulates in Nowhere."),
        ("fr", "Une base de données est mise à l'essai dans cinq consulats de Nulle-Part."),
        ("es", "Una base de datos se pone a prueba en cinco consulados de Ninguna Parte."),
    ],
)
def test_consulates_as_a_place_are_no_consular_work(language: str, text: str) -> None:
    assert 14 not in objectives(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A training laboratory for border police is set up at the academy."),
        ("fr", "Un laboratoire de formation de la police aux frontières est créé à l'académie."),
        ("es", "Se crea un laboratorio de formación de la policía de fronteras en la academia."),
    ],
)
def test_a_training_room_is_no_infrastructure(language: str, text: str) -> None:
    assert objectives(text, language) == {11}
    assert 9 not in goals(text, language)


@pytest.mark.parametrize(
    ("language", "policy", "engagement"),
    [
        ("en", "The diaspora policy is drafted.", "The diaspora invests in villages at home."),
        (
            "fr",
            "Une politique pour la diaspora est élaborée.",
            "La diaspora investit dans les villages du pays.",
        ),
        ("es", "Se elabora una política para la diáspora.", "La diáspora invierte en los pueblos del país."),
    ],
)
def test_goal_10_stands_where_a_state_makes_its_policy_towards_emigrants(
    language: str, policy: str, engagement: str
) -> None:
    assert "sdg/10.7" in {each.target for each in topics(policy, language)}
    assert objectives(engagement, language) == {19}
    assert 10 not in goals(engagement, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Poverty reduction, food security, drinking water, clean energy, climate action, decent work.",
        ),
        (
            "fr",
            "Réduction de la pauvreté, faim, eau potable, énergie propre, climatique, emplois décents.",
        ),
        (
            "es",
            "Reducción de la pobreza, hambre, agua potable, energía limpia, climático, empleo decente.",
        ),
    ],
)
def test_a_sentence_that_lists_the_goals_is_none_of_them(language: str, text: str) -> None:
    assert goals(text, language) == set()


@pytest.mark.parametrize("ending", ["notamment", "à savoir", "tels que"])
def test_a_quote_ends_before_a_list_that_nothing_follows(ending: str) -> None:
    said = "Le projet lutte contre la traite des personnes"
    found = topics(f"{said}, {ending} ", "fr")
    assert {quote.quote for each in found for quote in each.quotes} == {said}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Delegates of Nowhere take part in the Puebla Process."),
        ("fr", "Appui à la participation de trois pays au processus de Söderköping."),
        ("es", "Apoyo a la participación de Honduras en el Proceso de Quito."),
    ],
)
def test_talks_between_states_are_known_by_the_name_of_their_place(language: str, text: str) -> None:
    assert objectives(text, language) == {23}
