"""What the demo company's data is made of: invented names, real cities."""

GIVEN = (
    "Adriana", "Alexandre", "Aline", "Antônio", "Beatriz", "Bruno", "Camila", "Carlos", "Cecília", "Célia",
    "Cláudio", "Cristiane", "Daniela", "Débora", "Eduardo", "Elaine", "Fábio", "Fernanda", "Flávia",
    "Gabriel", "Helena", "Igor", "Inês", "João", "Jorge", "José", "Júlia", "Leandro", "Letícia", "Lúcia",
    "Luís", "Marcelo", "Márcia", "Marcos", "Maria", "Mônica", "Natália", "Otávio", "Patrícia", "Paulo",
    "Priscila", "Rafael", "Renata", "Ricardo", "Rogério", "Rosângela", "Sandra", "Sérgio", "Sílvia",
    "Sônia", "Tânia", "Thaís", "Tiago", "Vânia", "Vera", "Vinícius", "Wellington", "Zélia",
)  # fmt: skip
FAMILY = (
    "Albuquerque", "Almeida", "Andrade", "Araújo", "Assunção", "Barbosa", "Brandão", "Camargo", "Cardoso",
    "Carvalho", "Conceição", "Correia", "Costa", "da Luz", "da Silva", "de Sá", "dos Anjos", "dos Santos",
    "Esteves", "Falcão", "Farias", "Ferreira", "Fonseca", "Freitas", "Gonçalves", "Guimarães", "Leão",
    "Lima", "Macedo", "Magalhães", "Martins", "Moreira", "Nascimento", "Nogueira", "Nóbrega", "Oliveira",
    "Pacheco", "Pereira", "Queirós", "Ramos", "Rezende", "Ribeiro", "Rocha", "Sampaio", "Simões", "Souza",
    "Teixeira", "Valença", "Vasconcelos", "Vieira", "Ximenes",
)  # fmt: skip
# The trade as it stands in a name, and the segment it belongs to.
TRADES = (
    ("Academia", "Saúde e bem-estar"), ("Agropecuária", "Agronegócio"), ("Armazéns", "Logística"),
    ("Auto Peças", "Comércio"), ("Cafeeira", "Agronegócio"), ("Cerâmica", "Indústria"),
    ("Clínica", "Saúde e bem-estar"), ("Colégio", "Educação"), ("Condomínio", "Condomínios"),
    ("Confecções", "Indústria"), ("Cooperativa", "Agronegócio"), ("Distribuidora", "Comércio"),
    ("Drogaria", "Comércio"), ("Editora", "Serviços"), ("Embalagens", "Indústria"),
    ("Fazenda", "Agronegócio"), ("Frigorífico", "Indústria"), ("Gráfica", "Indústria"),
    ("Granja", "Agronegócio"), ("Hospital", "Saúde e bem-estar"), ("Hotel", "Hotelaria"),
    ("Laboratório", "Saúde e bem-estar"), ("Laticínios", "Indústria"), ("Lavanderia", "Serviços"),
    ("Madeireira", "Indústria"), ("Materiais de Construção", "Comércio"), ("Metalúrgica", "Indústria"),
    ("Moinho", "Indústria"), ("Panificadora", "Comércio"), ("Papelaria", "Comércio"),
    ("Posto", "Combustíveis"), ("Pousada", "Hotelaria"), ("Restaurante", "Comércio"),
    ("Supermercado", "Comércio"), ("Têxtil", "Indústria"), ("Transportadora", "Logística"),
    ("Vidraçaria", "Indústria"),
)  # fmt: skip
PLACES = (
    "Água Clara", "Alto da Serra", "Araçá", "Barro Nobre", "Bela Vista", "Boa Esperança", "Bom Jesus",
    "Cachoeira Alta", "Caminho Novo", "Campo Alegre", "Canto do Sabiá", "Cerrado Verde", "Céu Azul",
    "Chapada", "Cinco Estrelas", "Colheita Mineira", "Corpo Santo", "Dois Irmãos", "Estrela do Sul",
    "Flor de Maracujá", "Fonte Nova", "Girassol", "Horizonte", "Ipê Amarelo", "Irmãos Prado", "Jacarandá",
    "Jardim das Acácias", "Lagoa Serena", "Mantiqueira", "Monte Alto", "Morada do Sol", "Nova Aliança",
    "Novo Rumo", "Ouro Branco", "Palmeiras", "Pão da Serra", "Paraíso", "Pedra Branca", "Pinheiral",
    "Ponte Alta", "Porto Seguro", "Primavera", "Recanto", "Ribeirão", "Rio Manso", "Rota 381",
    "Santa Clara", "Santa Inês", "São Benedito", "São João", "Serra Azul", "Sete Lagos", "Sol Nascente",
    "Três Rios", "União", "Vale do Ipê", "Vale Verde", "Veredas", "Vila Nova", "Vista Alegre", "Xavantes",
)  # fmt: skip
FORMS = ("Ltda.", "Ltda.", "Ltda.", "S.A.", "EPP", "ME", "& Filhos Ltda.")
# City, state, area code, the first five digits of its CEPs.
CITIES = (
    ("Belo Horizonte", "MG", "31", "30130"), ("Uberlândia", "MG", "34", "38400"),
    ("Araguari", "MG", "34", "38440"), ("Piumhi", "MG", "37", "37925"), ("Contagem", "MG", "31", "32010"),
    ("Ribeirão Preto", "SP", "16", "14010"), ("São Paulo", "SP", "11", "01310"),
    ("Campinas", "SP", "19", "13010"), ("São José dos Campos", "SP", "12", "12210"),
    ("Goiânia", "GO", "62", "74003"), ("Rio Verde", "GO", "64", "75901"), ("Brasília", "DF", "61", "70040"),
    ("Niterói", "RJ", "21", "24020"), ("Vitória", "ES", "27", "29010"), ("Londrina", "PR", "43", "86010"),
    ("Curitiba", "PR", "41", "80020"), ("Chapecó", "SC", "49", "89801"),
    ("Caxias do Sul", "RS", "54", "95020"), ("Cuiabá", "MT", "65", "78005"),
    ("Feira de Santana", "BA", "75", "44001"), ("Maceió", "AL", "82", "57020"),
    ("São Luís", "MA", "98", "65010"), ("Petrolina", "PE", "87", "56302"), ("Fortaleza", "CE", "85", "60030"),
)  # fmt: skip
STREETS = (
    "Avenida Brasil", "Avenida das Indústrias", "Avenida Getúlio Vargas", "Rodovia BR-050, km 62",
    "Rua Barão do Rio Branco", "Rua das Acácias", "Rua Dom Pedro II", "Rua Quinze de Novembro",
    "Rua Sete de Setembro", "Rua Tiradentes",
)  # fmt: skip
DISTRICTS = ("Centro", "Distrito Industrial", "Jardim América", "Santa Mônica", "São José", "Vila Rica")
JOBS = (
    "Compras", "Diretora administrativa", "Engenheiro de manutenção", "Financeiro", "Gerente industrial",
    "Proprietário", "Síndica", "Sócia-administradora", "Sócio", "Supervisor de facilities",
)  # fmt: skip
# What is sold: the title, sizes in kWp (or months, units), reais for each.
OFFERS = (
    ("Usina de telhado {} kWp", (18, 28, 33, 60, 75, 90, 120, 150, 210), 3900),
    ("Usina de solo {} kWp", (75, 112, 150, 300, 500), 3400),
    ("Sistema solar {} kWp para a nova sede", (18, 28, 33, 48, 90), 4100),
    ("Carport solar para {} vagas", (12, 20, 40, 60), 6200),
    ("Banco de baterias {} kWh", (30, 60, 120, 240), 2700),
    ("Sistema híbrido {} kWp para câmara fria", (25, 50, 80), 4800),
    ("Ampliação da usina em {} kWp", (20, 40, 75), 3500),
    ("Troca de {} inversores e monitoramento", (2, 4, 6, 10), 14500),
    ("{} carregadores veiculares", (2, 4, 8, 12), 11900),
    ("Manutenção preventiva – {} meses", (12, 24, 36), 2250),
    ("Retrofit elétrico e solar – {} kWp", (40, 60, 100), 4300),
    ("Locação de usina {} kWp, sem entrada", (50, 75, 150), 1900),
    ("Eficiência energética – {} unidades", (2, 3, 6), 29500),
    ("Migração para o mercado livre – {} unidades", (2, 3, 5), 38000),
)
SPOTS = ("galpão", "filial", "loja", "escritório", "fazenda", "depósito", "sede", "matriz")
COMPETITORS = ("Sol & Cia", "Fotovolt Brasil", "Usina Fácil", "EcoWatt", "Luz Própria")
LOSS_COMMENTS = (
    "Fecharam com prazo de entrega menor.",
    "A diretoria adiou o investimento para o próximo ano.",
    "Pediram financiamento que o banco não aprovou.",
    "Diferença de cerca de 12% no preço final.",
)
CALLS = (
    "Atendeu e pediu para retornar na semana que vem.",
    "Confirmou interesse; vai mandar as contas de luz dos últimos 12 meses.",
    "Conversa com a sócia: querem payback abaixo de 5 anos.",
    "Pediu desconto à vista e a opção financiada.",
    "Não pôde falar; combinamos por WhatsApp.",
    "Validou o consumo: cerca de 41.000 kWh por mês.",
)
MESSAGES = (
    "Enviei a proposta revisada com o memorial descritivo.",
    "Mandou as fotos do telhado e do padrão de entrada.",
    "Respondeu que o orçamento está com o financeiro.",
    "Pediu referências de usinas já entregues na região.",
)
VISITS = (
    "Visita técnica feita: telhado em bom estado, sombra só ao fim da tarde.",
    "Reunião com diretoria e manutenção; pediram cronograma.",
    "Medimos o padrão de entrada; será preciso trocar o transformador.",
)
NOTES = (
    "Decisão passa pelo conselho, que se reúne na primeira segunda do mês.",
    "Transformador de 150 kVA; pedir parecer de acesso à distribuidora.",
    "Concorrente ofereceu carência de 6 meses.",
)
PLANS = {
    "call": ("Ligar para saber da decisão", "Retornar ligação", "Cobrar as contas de luz"),
    "meeting": ("Reunião com a diretoria", "Apresentar a proposta"),
    "visit": ("Visita técnica", "Vistoria do telhado"),
    "task": ("Montar a proposta", "Pedir parecer de acesso", "Revisar o contrato"),
    "email": ("Enviar a proposta revisada", "Enviar referências"),
    "whatsapp": ("Confirmar a visita", "Perguntar do financiamento"),
}
