namespace Pltfrms.Iam.Token.Upstream;

/// <summary>An OpenID provider gives no answer, or none that can be understood or believed. Its message is for the log.</summary>
public sealed class ProviderException(string message, Exception? inner = null) : Exception(message, inner);
