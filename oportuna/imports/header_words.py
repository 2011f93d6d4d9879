"""The words themselves: one entry per field, in the folded form of `headers.header_key`."""

# A field ending in "?" depends on the other columns of the sheet: see `headers.resolved`.
WORDS = {
    "name": """
        razao social, razao, empresa, nome empresa, nome da conta, cliente, nome cliente,
        organizacao, conta, denominacao, denominacao social, company, company name, account, account
        name, organization, nome razao social, prospect, nome prospect, customer, customer name,
        razao social nome, razao soc, raz social, r social
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
    "ie": "inscricao estadual, ie, i e, insc estadual, insc est",
    "kind": "tipo pessoa, pessoa, pf pj, pj pf, empresa ou pessoa",
    "contact": """
        contact, contato, nome contato, pessoa contato, nome completo, interlocutor, a c, decisor,
        full name, contact name, contact person, contato principal
    """,
    "first_name?": "first name, primeiro nome",
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
        telefone
    """,
    "mobile": """
        celular, cel, movel, whatsapp, whats, whats app, zap, wpp, celular whatsapp, whatsapp
        celular, mobile, mobile phone, telefone movel, telefone whatsapp, numero whatsapp, celular
        contato
    """,
    "ddd": "ddd, cod area, codigo area, area code, ddd tel",
    "city": "city, cidade, municipio, localidade, praca",
    "uf": "uf, u f, estado, unidade federativa, state, unidade federacao, sigla estado, cidade estado uf",
    "city_uf": "cidade uf, cidade estado, municipio uf, cidade e uf, cidade e estado, city state",
    "cep": "cep, codigo postal, zip, zip code, postal code",
    "address": "endereco, logradouro, rua, end, complemento, endereco completo, address, street",
    "numero?": "numero, n, num, nro",
    "number": "numero oportunidade, oportunidade numero, cod oportunidade",
    "district": "bairro, distrito, district",
    "source": """
        source, origem, fonte, canal, origem lead, como conheceu, midia, lead source, utm source,
        origem contato, canal origem
    """,
    "campaign": "campanha, campaign name, campaign, acao, evento, utm campaign, nome campanha",
    "value": """
        amount, value, valor, valor estimado, valor r, vlr, valor oportunidade, valor negocio, valor
        proposta, ticket, ticket medio, orcamento, deal value, valor previsto, valor total, valor
        potencial, vlr estimado, deal amount
    """,
    "expected_close_on": """
        previsao, previsao fechamento, prev fechamento, data prevista, dt prev, fechamento, data
        fechamento, close date, expected close, expected close date, data prevista fechamento, dt
        fechamento, previsao venda, expected close on
    """,
    "closed_on": """
        data encerramento, encerrada em, encerramento, fechado em, closed on, closed at, data ganho,
        data perda, ganho em, perdida em
    """,
    "probability": "probabilidade, prob, chance, probability, probabilidade fechamento, chance fechamento",
    "stage": """
        etapa, fase, estagio, stage, etapa funil, etapa oportunidade, fase negocio, deal stage, lead
        status
    """,
    "status?": "status, situacao",
    "status": "situacao oportunidade, status oportunidade, opportunity s status",
    "pipeline?": "funil, pipeline, funil vendas",
    "owner": """
        vendedor, responsavel venda, responsavel pela venda, executivo, consultor, representante,
        dono, carteira, owner, closer, sdr, vendedor responsavel, executivo contas, nome vendedor,
        deal owner, e mail vendedor, email vendedor, responsavel comercial, vendedora
    """,
    "next_contact_on": """
        proximo contato, retorno, follow up, followup, data retorno, agendar para, proxima acao,
        data proximo contato, next contact, proximo passo em, retornar em
    """,
    "notes": """
        observacoes, observacao, obs, comentarios, comentario, anotacoes, anotacao, historico,
        descricao, notes, note, comments, description, observacoes gerais
    """,
    "segment": """
        segmento, ramo, ramo atividade, nicho, cnae, atividade, porte, segment, industry, segmento
        atuacao, area atuacao
    """,
    "site": "site, website, pagina, url, dominio, linkedin, instagram, web site, home page, pagina web",
    "created_on": """
        data, data cadastro, data captura, criado em, created time, emissao, data criacao, created
        at, created, dt cadastro, data inclusao, cadastrado em, data entrada, data lead, created on,
        criada em
    """,
    "title": """
        title, oportunidade, titulo, negocio, projeto, produto, interesse, deal, deal name, nome
        oportunidade, nome negocio, produto interesse, titulo oportunidade
    """,
    "do_not_contact": """
        nao contatar, opt out, optout, descadastrado, bloqueado, nao perturbe, lgpd, nao ligar, nao
        enviar e mail, do not contact, unsubscribed
    """,
    # The opposite question: yes means that the person may be contacted.
    "do_not_contact!": """
        consentimento, opt in, optin, aceita contato, aceite contato, pode contatar, autoriza
        contato
    """,
    "tags": "tags, tag, etiquetas, etiqueta, marcadores, marcador, labels",
    "loss_reason": "motivo perda, motivo da perda, loss reason, lost reason, motivo",
    "competitor": "concorrente, competitor, concorrencia",
    "loss_comment": "comentario perda, detalhe perda, loss comment",
    # Known and never taken for the field whose word they hold.
    "note": """
        limite credito, faturamento, faturamento anual, capital social, preco, preco unitario, qtd,
        qtde, quantidade, valor unitario, data nascimento, nascimento, aniversario, fax, situacao
        cadastral, telefone vendedor, codigo, cod, id, codigo cliente, cod cliente, valor frete,
        data abertura, natureza juridica, nacionalidade, valor pago
    """,
}

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
