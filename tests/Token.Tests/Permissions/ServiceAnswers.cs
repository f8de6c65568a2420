using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Decisions;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Token.Permissions;
using Pltfrms.Iam.Token.Tokens;
using Testing.Decisions;

namespace Token.Tests.Permissions;

/// <summary>Holds the token service's answers about a history against what is right.</summary>
internal sealed class ServiceAnswers(DecisionHistory history, IServiceProvider service, Action<DecisionReason> seen)
{
    private static readonly string[] EveryPermission = [.. RandomHistory.Permissions.Union(IamPermissions.Assignable)];

    public async Task AskAsync(int questions)
    {
        for (var i = 0; i < questions; i++)
        {
            await AskAsync();
        }

        await AskForListAsync();
        await IntrospectAsync();
    }

    /// <summary>Twice, so that the second answer may come of the first; alone and in a batch.</summary>
    private async Task AskAsync()
    {
        var (claims, text) = history.AnyToken();
        var question = NextQuestion(claims, text);
        await AskAloneAsync(claims, question);
        question = question with { Presentation = history.Proofs.Again(question.Presentation, claims, text) };
        var expected = Expected(claims, question);
        var (batch, revision) = await service.GetRequiredService<BatchCheckPermissions>()
            .ExecuteAsync(history.RealmId, [question, question with { IncludeTrace = !question.IncludeTrace }], history.Revision, CancellationToken.None);
        foreach (var decision in batch)
        {
            AssertRight(expected, decision, question, claims);
        }

        Assert.Equal(history.Revision, revision);
        Count(claims, question, expected);
    }

    private async Task AskAloneAsync(AccessToken? claims, PermissionQuestion question)
    {
        var expected = Expected(claims, question);
        var (alone, revision) = await service.GetRequiredService<CheckPermission>().ExecuteAsync(history.RealmId, question, history.Revision, CancellationToken.None);
        AssertRight(expected, alone, question, claims);
        Assert.Equal(history.Revision, revision);
        Count(claims, question, expected);
    }

    private void AssertRight(DecisionReason expected, Decision decision, PermissionQuestion question, AccessToken? claims) => Assert.True(
        (expected, expected == DecisionReason.Allowed) == (decision.Reason, decision.Allowed),
        $"{history.RealmId} after {history.Event}: {expected} by the definition, {decision.Reason} by the service; {question}, {question.Context}, {claims}");

    /// <summary>Of an active token the proof is looked at first, and counts no more.</summary>
    private void Count(AccessToken? claims, PermissionQuestion question, DecisionReason expected)
    {
        if (question.Subject.Principal is null && claims is not null && history.Naive.IsActive(claims))
        {
            UseUp(claims, question.Presentation);
        }

        seen(expected);
    }

    private async Task AskForListAsync()
    {
        var (claims, text) = history.AnyToken();
        var asked = NextQuestion(claims, text) with { Resource = null };
        var naive = history.Naive;
        var expected = EveryPermission
            .Select(permission => asked with { Permission = permission })
            .Where(question => DecisionReason.Allowed == Expected(naive, claims, question))
            .Select(question => question.Permission)
            .Order(StringComparer.Ordinal)
            .ToList();
        var listed = await service.GetRequiredService<ListPermissions>()
            .ExecuteAsync(history.RealmId, asked.Subject, asked.Context, asked.Presentation, history.Revision, CancellationToken.None);
        Assert.True(
            expected.SequenceEqual(listed.Permissions) && listed.Reason == DecisionReason.Allowed == expected.Count > 0 && listed.Revision == history.Revision,
            $"{history.RealmId} after {history.Event}: [{string.Join(' ', expected)}] by the definition, [{string.Join(' ', listed.Permissions)}] at {listed.Revision} by the service; {asked}, {asked.Context}, {claims}");
        if (asked.Subject.Principal is null && claims is not null && naive.IsActive(claims))
        {
            UseUp(claims, asked.Presentation);
        }
    }

    /// <summary>Who says how a token came asks whether it is the sender's too.</summary>
    private async Task IntrospectAsync()
    {
        var (claims, text) = history.AnyToken();
        var presentation = history.Random.OneIn(2) ? null : history.Proofs.Add(history.Questions.Presentation(), claims, text);
        var naive = history.Naive;
        var expected = claims is not null && naive.IsUseful(claims) && (presentation is null || naive.IsPresented(claims, presentation));
        var (token, revision) = await service.GetRequiredService<IntrospectToken>().ExecuteAsync(history.RealmId, text, presentation, history.Revision, CancellationToken.None);
        Assert.True(
            expected == token is not null && revision == history.Revision && (token is null || token.TokenId == claims!.TokenId),
            $"{history.RealmId} after {history.Event}: active is {expected} by the definition; {claims}");
        if (claims is not null && naive.IsUseful(claims))
        {
            UseUp(claims, presentation);
        }
    }

    private PermissionQuestion NextQuestion(AccessToken? claims, string text)
    {
        var question = history.Questions.Next(history.Random.OneIn(4) ? null : text);
        return question.Subject.Principal is null ? question with { Presentation = history.Proofs.Add(question.Presentation, claims, text) } : question;
    }

    private DecisionReason Expected(AccessToken? claims, PermissionQuestion question) => Expected(history.Naive, claims, question);

    private static DecisionReason Expected(NaiveDecisions naive, AccessToken? claims, PermissionQuestion question) =>
        question.Subject.Principal is { } principal ? naive.Decide(principal, question) : naive.Decide(claims, question);

    /// <summary>A proof is looked at only where the certificate is right.</summary>
    private void UseUp(AccessToken claims, TokenPresentation? presentation)
    {
        if (history.Naive.IsPresented(claims, presentation))
        {
            history.Proofs.Use(presentation);
        }
    }
}
