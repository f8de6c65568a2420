using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Revocation;

/// <summary>
/// Makes withdrawn consent end what came of it. What is to be revoked is written with the decision, in one transaction, and the token service
/// is told until it has answered: a crash between the two delays it, and loses nothing.
/// </summary>
public sealed class RevokeAccess(IDatabase database, GrantRevocationStore revocations, TokenGrants grants, TimeProvider clock)
{
    /// <summary>How long the action that wrote it has for itself, before the background takes over.</summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>An authorization that was on its way when its consent was withdrawn: its code, or its device code, becomes a grant only later.</summary>
    private static readonly TimeSpan[] LaterPasses = [TimeSpan.FromSeconds(75), TimeSpan.FromMinutes(15)];

    /// <summary>Between the outcome of a consent and the code that is made of it.</summary>
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(1);

    /// <summary>Writes down what is to be revoked, in the transaction of the decision.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="what">What fits; id and times are set here.</param>
    /// <param name="isAwaited">Whether the caller carries it out itself.</param>
    /// <param name="cancellationToken">The call's.</param>
    public async Task<GrantRevocation> WriteAsync(
        DatabaseSession session, GrantRevocation what, bool isAwaited, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var written = what with
        {
            RevocationId = Guid.CreateVersion7(now).ToString(),
            CreatedAt = now,
            DueAt = isAwaited ? now + HeadStart : now,
        };
        await revocations.AddAsync(session, written, cancellationToken);
        return written;
    }

    /// <summary>Tells the token service; how many grants it revoked.</summary>
    /// <exception cref="IamException">SERVICE_UNAVAILABLE, STORAGE_UNAVAILABLE: it is tried again in the background.</exception>
    public async Task<int> CarryOutAsync(GrantRevocation revocation, CancellationToken cancellationToken)
    {
        var count = await grants.RevokeAsync(revocation, GivenBefore(revocation), cancellationToken);
        await using var session = await database.BeginWriteAsync(cancellationToken);
        if (revocation.Passes < LaterPasses.Length)
        {
            var dueAt = revocation.CreatedAt + LaterPasses[revocation.Passes];
            await revocations.PassedAsync(session, revocation, revocation.Passes + 1, dueAt, cancellationToken);
        }
        else
        {
            await revocations.RemoveAsync(session, revocation, cancellationToken);
        }

        await session.CommitAsync(cancellationToken);
        return count;
    }

    /// <summary>Carries out what is due; whether all of it went through.</summary>
    public async Task<bool> CarryOutDueAsync(int most, CancellationToken cancellationToken)
    {
        IReadOnlyList<GrantRevocation> due;
        await using (var session = await database.OpenAsync(cancellationToken))
        {
            due = await revocations.ListDueAsync(session, clock.GetUtcNow(), most, cancellationToken);
        }

        var isDone = true;
        foreach (var revocation in due)
        {
            try
            {
                await CarryOutAsync(revocation, cancellationToken);
            }
            catch (IamException)
            {
                isDone = false;
                await DeferAsync(revocation, cancellationToken);
            }
        }

        return isDone;
    }

    /// <summary>
    /// At once everything goes that fits; later what the user authorized anew since then stays. The clocks of the services only matter then.
    /// </summary>
    private DateTimeOffset? GivenBefore(GrantRevocation revocation) =>
        revocation.Passes == 0 && clock.GetUtcNow() - revocation.CreatedAt <= HeadStart ? null : revocation.CreatedAt + OnTheWay;

    /// <summary>One that cannot be carried out must not keep the others waiting.</summary>
    private async Task DeferAsync(GrantRevocation revocation, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        await revocations.DeferAsync(session, revocation, clock.GetUtcNow() + RetryAfter, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }
}
