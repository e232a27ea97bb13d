extension MailboxRole {
    /// Roles by names, folded: lower case, without accents.
    static let names: [String: MailboxRole] = {
        var roles: [String: MailboxRole] = [:]
        for (role, names) in namesOfRoles {
            for name in names { roles[name.folded] = role }
        }
        return roles
    }()

    /// What Outlook, Apple Mail, Thunderbird, Gmail and web mail call them.
    private static let namesOfRoles: [(MailboxRole, [String])] = [
        (
            .sent,
            [
                "Sent", "Sent Items", "Sent Mail", "Sent Messages", "Gesendet", "Gesendete", "Gesendete Objekte",
                "Gesendete Elemente", "Gesendete Nachrichten", "Envoyés", "Éléments envoyés", "Messages envoyés",
                "Objets envoyés", "Courrier envoyé", "Enviados", "Enviado", "Elementos enviados", "Mensajes enviados",
                "Correo enviado", "Itens enviados", "Mensagens enviadas", "E-mails enviados", "Posta inviata",
                "Inviata",
                "Inviati", "Posta inviati", "Verzonden", "Verzonden items", "Verzonden berichten", "Wysłane",
                "Elementy wysłane", "Skickat", "Skickade", "Sendt", "Sendte elementer", "Lähetetyt", "Odeslané",
                "Odeslaná pošta", "Отправленные", "Надіслані", "Gönderilmiş Öğeler", "Gönderilmiş Postalar",
                "Απεσταλμένα", "送信済み", "送信済みメール", "送信済みアイテム", "已发送", "已发送邮件", "已傳送郵件", "寄件備份", "보낸편지함",
            ]
        ),
        (
            .drafts,
            [
                "Drafts", "Draft", "Entwürfe", "Brouillons", "Borradores", "Borrador", "Rascunhos", "Bozze",
                "Concepten", "Kopie robocze", "Wersje robocze", "Szkice", "Utkast", "Kladder", "Udkast", "Luonnokset",
                "Koncepty", "Rozepsané", "Черновики", "Чернетки", "Taslaklar", "Πρόχειρα", "下書き", "草稿", "草稿箱",
                "임시보관함",
            ]
        ),
        (
            .trash,
            [
                "Trash", "Deleted", "Deleted Items", "Deleted Messages", "Bin", "Papierkorb", "Gelöscht",
                "Gelöschte Elemente", "Gelöschte Objekte", "Corbeille", "Éléments supprimés", "Messages supprimés",
                "Papelera", "Elementos eliminados", "Eliminados", "Lixo", "Lixeira", "Itens excluídos",
                "Itens eliminados", "Cestino", "Posta eliminata", "Prullenbak", "Prullenmand", "Verwijderde items",
                "Kosz", "Elementy usunięte", "Papperskorgen", "Borttaget", "Papirkurv", "Slettede elementer",
                "Roskakori", "Koš", "Odstraněná pošta", "Корзина", "Удаленные", "Кошик", "Çöp Kutusu",
                "Silinmiş Öğeler",
                "Κάδος απορριμμάτων", "ゴミ箱", "已删除", "已删除邮件", "垃圾桶", "휴지통",
            ]
        ),
        (
            .junk,
            [
                "Junk", "Spam", "Junk E-mail", "Junk Email", "Junk Mail", "Bulk Mail", "Unerwünscht", "Spamverdacht",
                "Junk-E-Mail", "Indésirables", "Courrier indésirable", "Pourriel", "Correo no deseado", "No deseado",
                "Lixo Eletrônico", "Lixo eletrónico", "Posta indesiderata", "Indesiderata", "Ongewenste e-mail",
                "Ongewenst", "Wiadomości-śmieci", "Skräppost", "Søppelpost", "Uønsket mail", "Roskaposti",
                "Nevyžádaná pošta", "Спам", "Нежелательная почта", "İstenmeyen", "Gereksiz E-posta", "Ανεπιθύμητα",
                "迷惑メール", "垃圾邮件", "垃圾郵件", "스팸함",
            ]
        ),
        (
            .archive,
            [
                "Archive", "Archives", "Archived", "Archiv", "Archivo", "Archivados", "Arquivo", "Arquivadas",
                "Archivio",
                "Archief", "Archiwum", "Arkiv", "Arkisto", "Архив", "Архів", "Arşiv", "アーカイブ", "归档", "存档", "封存", "보관함",
            ]
        ),
        // Gmail's; it says attributes besides, and in other languages these are words like any.
        (.all, ["All Mail"]), (.flagged, ["Starred", "Flagged"]),
    ]
}
