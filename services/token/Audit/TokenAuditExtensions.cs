namespace Pltfrms.Iam.Token.Audit;

internal static class TokenAuditExtensions
{
    /// <summary>The trail of tokens: who writes it, and who reads it.</summary>
    public static void AddTokenAudit(this IServiceCollection services)
    {
        services.AddSingleton<TokenEventStore>();
        services.AddSingleton<TokenEventMetrics>();
        services.AddSingleton<TokenEventQueue>();
        services.AddSingleton<RefusalBudget>();
        services.AddSingleton<TokenAudit>();
        services.AddSingleton<RecordedIssue>();
        services.AddSingleton<ListTokenEvents>();
        services.AddSingleton<WatchTokenEvents>();
        services.AddSingleton<TokenAuditGrpcService>();
        services.AddHostedService<TokenEventWriter>();
    }
}
