using Pltfrms.Iam.Common.Realms.Model;
using static Common.Tests.Realms.RealmParts;
using static Common.Tests.Scopes.ScopeScenario;

namespace Common.Tests.Scopes;

public sealed class ScopeTransformationsTests
{
    public static TheoryData<string, ScopeTransformation[], string[], string[]> Transformations => new()
    {
        { "rename", [new() { Name = "t", Scope = "invoices.read", Replacements = ["bookkeeping"] }], ["invoices.read"], ["bookkeeping"] },
        {
            "expand in place",
            [new() { Name = "t", Scope = "bookkeeping", Replacements = ["invoices.read", "invoices.create"] }],
            ["bookkeeping", "payments.refund"], ["invoices.read", "invoices.create", "payments.refund"]
        },
        { "drop", [new() { Name = "t", Scope = "invoices.read" }], ["invoices.read", "payments.refund"], ["payments.refund"] },
        {
            "keep and add",
            [new() { Name = "t", Scope = "invoices.create", Replacements = ["invoices.create", "invoices.read"] }],
            ["invoices.create"], ["invoices.create", "invoices.read"]
        },
        {
            "no repetition",
            [new() { Name = "t", Scope = "bookkeeping", Replacements = ["invoices.read"] }],
            ["invoices.read", "bookkeeping"], ["invoices.read"]
        },
        {
            "one after the other",
            [new() { Name = "t", Scope = "bookkeeping", Replacements = ["invoices.read"] }, new() { Name = "u", Scope = "invoices.read" }],
            ["bookkeeping"], []
        },
        { "unknown replacement", [new() { Name = "t", Scope = "invoices.read", Replacements = ["planets.destroy"] }], ["invoices.read"], [] },
        { "not asked for", [new() { Name = "t", Scope = "bookkeeping", Replacements = ["payments.refund"] }], ["invoices.read"], ["invoices.read"] },
    };

    [Theory]
    [MemberData(nameof(Transformations))]
    public void Transformations_rename_expand_and_drop(string description, ScopeTransformation[] transformations, string[] asked, string[] expected)
    {
        var realm = Snapshot(new ScopePipeline { Transformations = [.. transformations] }, Vocabulary);

        Assert.NotEmpty(description);
        Assert.Equal(expected, Filter(realm, Machine([.. All, "bookkeeping"]), asked));
        Assert.Equal(expected, Filter(realm, Machine([.. All, "bookkeeping"]) with { Explain = true }, asked));
    }
}
