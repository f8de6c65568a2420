namespace RealmAdmin.Tests.Properties;

/// <summary>One write, as plain as it can be said: every field is a list of texts.</summary>
/// <param name="Verb">create, update or delete.</param>
/// <param name="Kind">As in <c>resource_kind</c>.</param>
/// <param name="Id">Of the resource.</param>
/// <param name="Fields">What is sent; of an update, only what the mask names.</param>
/// <param name="Cascade">Of a deletion.</param>
internal sealed record Operation(string Verb, string Kind, string Id, IReadOnlyDictionary<string, IReadOnlyList<string>> Fields, bool Cascade)
{
    public override string ToString() => Verb == "delete"
        ? $"delete {Kind} {Id}{(Cascade ? " cascade" : "")}"
        : $"{Verb} {Kind} {Id} {string.Join(' ', Fields.Select(field => $"{field.Key}=[{string.Join(',', field.Value)}]"))}";
}

/// <summary>What happens at once: writes of their own or in a batch, or an import.</summary>
internal abstract record Step
{
    /// <summary>One write by its own method, or several in a batch.</summary>
    internal sealed record Write(IReadOnlyList<Operation> Operations, bool Batch, bool Preview) : Step
    {
        public override string ToString() => $"{(Batch ? "batch" : "call")}: {string.Join("; ", Operations)}";
    }

    /// <summary>The realm becomes this.</summary>
    internal sealed record Import(NaiveRealm Realm, bool Plan) : Step
    {
        public override string ToString() => $"import:\n{Realm.Document()}";
    }
}
