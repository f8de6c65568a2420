using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Scopes;
using static Common.Tests.Realms.RealmParts;
using static Common.Tests.Scopes.ScopeScenario;

namespace Common.Tests.Scopes;

public sealed class ScopeExplanationTests
{
    [Fact]
    public void Every_step_tells_the_fate_of_every_scope()
    {
        var pipeline = new ScopePipeline
        {
            Conditions = [new() { Name = "machines", Flow = new() { GrantTypes = ["client_credentials"] } }, RoleCondition(RoleSource.Bindings)],
            Transformations = [new() { Name = "split", Scope = "bookkeeping", Replacements = ["invoices.read"] }],
        };
        var request = ForUser("alice", "acme") with
        {
            Client = Client("demo-web", "invoices.create", "payments.refund", "bookkeeping"),
            Scopes = ["invoices.create", "payments.refund", "bookkeeping", "invoices.approve", "planets.destroy"],
            Explain = true,
        };

        var outcome = RequestedScopes.Filter(Snapshot(pipeline, Vocabulary), request);

        Assert.Equal(["invoices.create", "invoices.read"], outcome.Scopes);
        Assert.Equal(
            [
                "scope_policy invoices.create Kept empty_overwritten: asked for",
                "scope_policy payments.refund Kept empty_overwritten: asked for",
                "scope_policy bookkeeping Kept empty_overwritten: asked for",
                "scope_policy invoices.approve Kept empty_overwritten: asked for",
                "scope_policy planets.destroy Kept empty_overwritten: asked for",
                "registration invoices.create Kept : client demo-web is registered for it",
                "registration payments.refund Kept : client demo-web is registered for it",
                "registration bookkeeping Kept : client demo-web is registered for it",
                "registration invoices.approve Dropped : client demo-web is not registered for it",
                "registration planets.destroy Dropped : the realm has no such scope",
                "conditions invoices.create Kept roles: user alice has invoices.create in organization acme by role accountant (role binding alice-acme)",
                "conditions payments.refund Dropped machines, roles: the grant type is authorization_code, the condition asks for client_credentials; "
                    + "no role of user alice gives payments.refund in organization acme",
                "conditions bookkeeping Kept roles: user alice has invoices.create in organization acme by role accountant (role binding alice-acme)",
                "transformations bookkeeping Dropped split: replaced by invoices.read",
                "transformations invoices.read Added split: replaces bookkeeping",
                "transformations invoices.create Kept : no transformation takes it away",
            ],
            outcome.Steps.Select(step => $"{step.Step} {step.Scope} {step.Effect} {step.Rule}: {step.Explanation}"));
    }

    [Fact]
    public void An_overwritten_request_is_explained()
    {
        var realm = Snapshot(new ScopePipeline { ScopePolicies = [Policy(ScopePolicyMode.AlwaysOverwrite, "invoices.read")] }, Vocabulary);

        var outcome = RequestedScopes.Filter(realm, Machine("invoices.read") with { Scopes = ["invoices.create"], Explain = true });

        Assert.Equal(
            [("", ScopeStepEffect.Kept), ("invoices.create", ScopeStepEffect.Dropped), ("invoices.read", ScopeStepEffect.Added)],
            outcome.Steps.Where(step => step.Step == "scope_policy").Select(step => (step.Scope, step.Effect)));
    }

    [Fact]
    public void Nothing_is_explained_where_nobody_asks() =>
        Assert.Empty(RequestedScopes.Filter(Snapshot(Vocabulary), Machine("invoices.read")).Steps);
}
