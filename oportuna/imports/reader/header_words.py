"""The words themselves: one entry per field, in the folded form of `headers.header_key`."""

# A field ending in "?" depends on the other columns of the sheet: see `headers.resolved`.
WORDS = {
    "name": """
        razao social, razao, empresa, nome empresa, nome da conta, cliente, nome cliente,
        organizacao, conta, denominacao, denominacao social, company, company name, account, account
        name, organization, nome razao social, prospect, nome prospect, customer, customer name,
        razao social nome, razao soc, raz social, r social,
        associated company, empresa relacionada, estabelecimento, organizacao relacionada
    """,
    "trade_name": "nome fantasia, fantasia, apelido, nome comercial, marca, trade name",
    "cnpj": """
        cnpj, c n p j, cgc, cgc cnpj, cnpj cgc, cnpj empresa, cnpj so numeros, inscricao cnpj, cnpj
        cliente, cnpj mf
    """,
    "cpf": "cpf, c p f, cpf cliente",
    "contact_cpf": "cpf responsavel, cpf socio, cpf contato",
    "tax_id": """
        cpf cnpj, cnpj cpf, cnpj ou cpf, cpf ou cnpj, cpf e cnpj, cnpj e cpf, documento, doc,
        documento cliente, tax id
    """,
    "ie": """
        inscricao estadual, ie, i e, insc estadual, insc est, ie rg, inscr, inscr est, inscr estadual
    """,
    "kind": "tipo pessoa, pessoa, pf pj, pj pf, empresa ou pessoa",
    "contact": """
        contact, contato, nome contato, pessoa contato, nome completo, interlocutor, a c, decisor,
        full name, contact name, contact person, contato principal,
        contatos, associated contact, pessoa relacionada, nome comprador, comprador
    """,
    "first_name?": "first name, primeiro nome",
    "surname": "last name, sobrenome, surname, family name",
    "nome?": "nome, name, lead, nome lead",
    "responsavel?": "responsavel, nome responsavel",
    "job_title": "cargo, funcao, posicao, departamento, job title, role, cargo contato",
    "setor?": "setor",
    "email": """
        e mail, email, e mails, emails, correio eletronico, e mail comercial, email comercial, e
        mail contato, email contato, mail, e mail principal, email principal, email address, e mail
        1, e mail corporativo, email corporativo
    """,
    "phone": """
        telefone, telefones, tel, fone, fones, fone fixo, telefone fixo, telefone comercial,
        telefone contato, phone, phone number, telefone principal, tel comercial, fone comercial,
        telefone celular, tel cel, telefone residencial, telefone com ddd, telefone ddd, ddd
        telefone,
        work phone, home phone, telefone trabalho, telefone 0800
    """,
    "mobile": """
        celular, cel, movel, whatsapp, whats, whats app, zap, wpp, celular whatsapp, whatsapp
        celular, mobile, mobile phone, telefone movel, telefone whatsapp, numero whatsapp, celular
        contato,
        mobile phone number, fone celular, cell phone, celular whats
    """,
    "ddd": "ddd, cod area, codigo area, area code, ddd tel",
    "city": """
        city, cidade, municipio, localidade, praca, billing city, cidade cobranca
    """,
    "uf": """
        uf, u f, estado, unidade federativa, state, unidade federacao, sigla estado, cidade estado uf, state region, billing state, estado uf, uf estado
    """,
    "city_uf": "cidade uf, cidade estado, municipio uf, cidade e uf, cidade e estado, city state",
    "cep": """
        cep, codigo postal, zip, zip code, postal code, zip postal code, billing zip
    """,
    "address": """
        endereco, logradouro, rua, end, complemento, endereco completo, address, street, street address, compl, billing street
    """,
    "numero?": "numero, num, nro",
    "n?": "n, no",
    "number": "numero oportunidade, oportunidade numero, cod oportunidade",
    "district": "bairro, distrito, district",
    "source": """
        source, origem, fonte, canal, origem lead, como conheceu, midia, lead source, utm source,
        origem contato, canal origem,
        original source, como nos conheceu, onde nos conheceu, como conheceu empresa, como ficou sabendo
    """,
    "campaign": "campanha, campaign name, campaign, acao, evento, utm campaign, nome campanha",
    "value": """
        amount, value, valor, valor estimado, valor r, vlr, valor oportunidade, valor negocio, valor
        proposta, ticket, ticket medio, orcamento, deal value, valor previsto, valor total, valor
        potencial, vlr estimado, deal amount
    """,
    "expected_close_on": """
        previsao, previsao fechamento, prev fechamento, data prevista, dt prev, expected close, expected close date, data prevista fechamento, previsao venda, expected close on,
        closing date, data fechamento prevista, fechamento previsto, data fechamento previsto, data prevista para fechamento
    """,
    "closed_on": """
        data encerramento, encerrada em, encerramento, fechado em, closed on, closed at, data ganho,
        data perda, ganho em, perdida em,
        won time, lost time, won date, lost date
    """,
    "fechamento?": "fechamento, data fechamento, dt fechamento, close date",
    "probability": "probabilidade, prob, chance, probability, probabilidade fechamento, chance fechamento",
    "stage": """
        etapa, fase, estagio, stage, etapa funil, etapa oportunidade, fase negocio, deal stage, lead
        status,
        estagio funil, etapa negocio, opportunity stage
    """,
    "status?": """
        status, situacao, sit
    """,
    "status": "situacao oportunidade, status oportunidade, opportunity s status",
    "pipeline?": "funil, pipeline, funil vendas",
    "owner": """
        vendedor, responsavel venda, responsavel pela venda, executivo, consultor, representante,
        dono, carteira, owner, closer, sdr, vendedor responsavel, executivo contas, nome vendedor,
        deal owner, e mail vendedor, email vendedor, responsavel comercial, vendedora,
        lead owner, contact owner, account owner, opportunity owner, dono lead, dono negocio, usuario responsavel, responsavel pelo negocio, responsavel negocio, vend, nome do vendedor, vendedor interno
    """,
    "next_contact_on": """
        proximo contato, retorno, follow up, followup, data retorno, agendar para, proxima acao,
        data proximo contato, next contact, proximo passo em, retornar em,
        next activity date, data proxima tarefa, data proxima atividade, proxima tarefa, next contact date
    """,
    "notes": """
        observacoes, observacao, obs, comentarios, comentario, anotacoes, anotacao, historico,
        descricao, notes, note, comments, description, observacoes gerais,
        mensagem, message, recado
    """,
    "segment": """
        segmento, ramo, ramo atividade, nicho, cnae, atividade, porte, segment, industry, segmento
        atuacao, area atuacao,
        cnae principal, porte empresa
    """,
    "site": """
        site, website, pagina, url, dominio, linkedin, instagram, web site, home page, pagina web, website url, company domain name
    """,
    "created_on": """
        data, data cadastro, data captura, criado em, created time, emissao, data criacao, created
        at, created, dt cadastro, data inclusao, cadastrado em, data entrada, data lead, created on,
        criada em,
        create date, created date, deal created, add time, carimbo data hora, timestamp, data primeira conversao, data inicio
    """,
    "title": """
        title, oportunidade, titulo, negocio, projeto, produto, interesse, deal, deal name, nome
        oportunidade, nome negocio, produto interesse, titulo oportunidade,
        deal title, opportunity name, nome negociacao, negociacao, titulo negocio
    """,
    "do_not_contact": """
        nao contatar, opt out, optout, descadastrado, bloqueado, nao perturbe, lgpd, nao ligar, nao
        enviar e mail, do not contact, unsubscribed,
        do not call, do not email, email opt out, nao receber e mail
    """,
    # The opposite question: yes means that the person may be contacted.
    "do_not_contact!": """
        consentimento, opt in, optin, aceita contato, aceite contato, pode contatar, autoriza
        contato
    """,
    "tags": "tags, tag, etiquetas, etiqueta, marcadores, marcador, labels",
    "loss_reason": """
        motivo perda, motivo da perda, loss reason, lost reason, motivo, closed lost reason
    """,
    "competitor": "concorrente, competitor, concorrencia",
    "loss_comment": """
        comentario perda, detalhe perda, loss comment, anotacao motivo perda, comentario motivo perda
    """,
    # Known and never taken for the field whose word they hold.
    "note": """
        limite credito, faturamento, faturamento anual, capital social, preco, preco unitario, qtd,
        qtde, quantidade, valor unitario, data nascimento, nascimento, aniversario, fax, situacao
        cadastral, telefone vendedor, codigo, cod, id, codigo cliente, cod cliente, valor frete,
        data abertura, natureza juridica, nacionalidade, valor pago
    """,
}

# Of what the rest of a header is said, before a dash or a colon: exports of other programs name both ("Person - Name").
ENTITIES = {
    "": "deal, lead, negocio, oportunidade, opportunity, negociacao",
    "contact": "person, pessoa, contact, contato",
    "name": "organization, organizacao, empresa, company, cliente, account, conta",
}
NAME_WORDS = "name, nome"
# A form asks "Qual o seu cargo?".
ASKING = "qual quais o a os as seu sua seus suas melhor informe digite e"

# In brackets at a header's end: our own exports say so of what they add to a row, and people may of any column.
LEFT_OUT = "so leitura, somente leitura, nao importar, ignorar, read only, do not import"

# Of a header that begins with one of these words, the rest only says which one it is.
TELLING = {
    "phone": "telefone fone tel phone",
    "mobile": "celular cel whatsapp",
    "email": "email mail",
    "cnpj": "cnpj",
    "contact_cpf": "cpf",
    "value": "valor",
    "cep": "cep",
    "district": "bairro",
    "address": "endereco logradouro",
    "notes": "observacao observacoes obs",
    "job_title": "cargo",
    "city": "cidade municipio",
    "stage": "etapa",
    "source": "origem",
    "campaign": "campanha",
    "owner": "vendedor",
    "expected_close_on": "previsao",
    "probability": "probabilidade",
    "segment": "segmento",
    "site": "site",
    "uf": "uf",
}
