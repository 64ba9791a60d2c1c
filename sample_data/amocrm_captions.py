"""Captions of the amoCRM / Kommo deals exports, in their order, by language."""

from __future__ import annotations

PHONES = ("work_phone", "direct_phone", "mobile_phone", "fax", "home_phone", "other_phone")
EMAILS = ("work_email", "personal_email", "other_email")
TRACKING = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_referrer",
    "_ym_uid", "_ym_counter", "roistat", "referrer", "openstat_service", "openstat_campaign",
    "openstat_ad", "openstat_source", "from", "gclientid", "gclid", "yclid", "fbclid",
)  # fmt: skip

CSV_KEYS = (
    "id", "title", "budget", "owner", "created", "creator", "edited", "editor", "closed", "tags",
    "note1", "note2", "note3", "note4", "note5", "stage", "pipeline", "contact", "contact_company",
    "contact_owner", "company", *PHONES, *EMAILS,
)  # fmt: skip
XLSX_KEYS = (
    "id", "title", "company", "contact", "contact_company", "owner", "stage", "pipeline", "budget",
    "created", "creator", "edited", "editor", "tags", "next_task", "closed",
)  # fmt: skip

# Our own wording, not seen in a file: Spanish creator, edited, editor, closed and pipeline.
CSV_CAPTIONS = {
    "ru": (
        "ID|Название сделки|Бюджет |Ответственный|Дата создания сделки|Кем создана сделка|"
        "Дата редактирования|Кем редактирована|Дата закрытия|Теги|Примечание|Примечание 2|"
        "Примечание 3|Примечание 4|Примечание 5|Этап сделки|Воронка|Полное имя контакта|"
        "Компания контакта|Ответственный за контакт|Компания|Рабочий телефон|"
        "Рабочий прямой телефон|Мобильный телефон|Факс|Домашний телефон|Другой телефон|"
        "Рабочий email|Личный email|Другой email"
    ),
    "pt": (
        "ID|Lead título|Lead venda |Usuário responsável|Criado em|Criado por|modificada em|"
        "Modificado por|Fechado às|Tags|Nota|Nota 2|Nota 3|Nota 4|Nota 5|Etapa do lead|"
        "Funil de vendas|Nome completo|Contato da empresa|Pessoa de contato|Empresa lead 's|"
        "Telefone comercial|Tel. direto com.|Celular|Faz|Telefone residencial|Outro telefone|"
        "Email comercial|Email pessoal|Outro email"
    ),
    "es": (
        "ID|Nombre del lead|Presupuesto |Respons. usuario|Fecha de Creación|Creado por|"
        "Fecha de modificación|Modificado por|Fecha de cierre|Etiquetas|Nota|Nota 2|Nota 3|Nota 4|"
        "Nota 5|Estatus del lead|Embudo de ventas|Nombre completo|Compañía del contracto|"
        "Responsable del contacto|Compañía del lead|Teléfono oficina|Teléfono oficina directo|"
        "Teléfono celular|Fax|Teléfono de casa|Otro teléfono|Correo|E-mail priv.|Otro e-mail"
    ),
}
XLSX_CAPTIONS = {
    "ru": (
        "ID|Название сделки|Компания|Основной контакт|Компания контакта|Ответственный|Этап сделки|"
        "Воронка|Бюджет|Дата создания|Кем создана|Дата изменения|Кем изменена|Теги сделки|"
        "Ближайшая задача|Дата закрытия"
    ),
    "pt": (
        "ID|Lead título|Empresa lead 's|Contato principal|Empresa do contato|"
        "Lead usuário responsável|Etapa do lead|Funil de vendas|Venda|Data Criada|Criado por|"
        "Última modificação|Modificado por|Lead tags|Próxima tarefa|Fechada em"
    ),
    "es": (
        "ID|Nombre del lead|Compañía del lead|Contacto principal|Compañía del contacto|"
        "Respons. usuario|Estatus del lead|Embudo de ventas|Presupuesto|Fecha de Creación|"
        "Creado por|Fecha de modificación|Modificado por|Etiquetas del lead|Próxima tarea|"
        "Fecha de cierre"
    ),
}
XLSX_CONTACT = {  # the suffix and the captions of the contact block: e-mails come first here
    "ru": (" (контакт)", "Рабочий email|Личный email|Другой email|Рабочий телефон|"
           "Рабочий прямой телефон|Мобильный телефон|Факс|Домашний телефон|Другой телефон"),
    "pt": (" (contato)", "Email comercial|Email pessoal|Outro email|Telefone comercial|"
           "Tel. direto com.|Celular|Faz|Telefone residencial|Outro telefone"),
    "es": (" (contacto)", "Correo|E-mail priv.|Otro e-mail|Teléfono oficina|"
           "Teléfono oficina directo|Teléfono celular|Fax|Teléfono de casa|Otro teléfono"),
}  # fmt: skip
NOTES = {"ru": "Примечание", "pt": "Nota", "es": "Nota"}
OPEN = {"ru": "не закрыта", "pt": "não fechado", "es": ""}
